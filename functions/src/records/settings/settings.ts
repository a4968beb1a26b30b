import { z } from 'zod';
import { Agent } from '#language/settings/agent.ts';
import { Integrations } from '#language/settings/integrations.ts';
import { Models } from '#language/settings/models.ts';
import { People } from '#language/settings/people.ts';
import { Platform } from '#language/settings/platform.ts';
import type { Clock } from '#core/clock.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Settings } from '#ports/settings.ts';
import { cached } from '../store/cached.ts';
import { fromDocument } from '../store/document-json.ts';
import { reachable } from '../store/reachable.ts';

const CACHE_MS = 60_000;

/** The settings for all playbooks, each in `playbook_settings/{name}` and seeded from `{name}.yaml`. */
export const SETTING_NAMES = ['people', 'platform', 'integrations', 'models'] as const;
/** The name of one of them. */
export type SettingName = (typeof SETTING_NAMES)[number];

/** The document of a setting. */
export function settingPath(name: SettingName): string {
  return `playbook_settings/${name}`;
}

/** The document of an agent. */
export function agentPath(id: string): string {
  return `playbook_agents/${id}`;
}

/** The settings as seeded, each read from the database at most every 60 s. Each also throws `unavailable`. */
export function documentSettings(documents: Documents, clock: Clock): Settings {
  const setting = <Schema extends z.ZodType>(name: SettingName, schema: Schema) =>
    cached(clock, CACHE_MS, async () => {
      const value = await load(documents, settingPath(name), schema);
      if (value !== undefined) return value;
      throw new PlaybookError(
        'unconfigured',
        `${settingPath(name)} is not in the database. Write playbooks/${name}.yaml and run npm run seed.`,
      );
    });
  const agents = new Map<string, () => Promise<Agent>>();

  return {
    people: setting('people', People),
    platform: setting('platform', Platform),
    integrations: setting('integrations', Integrations),
    models: setting('models', Models),
    agent(id) {
      const known = agents.get(id) ?? cached(clock, CACHE_MS, () => loadAgent(documents, id));
      agents.set(id, known);
      return known();
    },
  };
}

async function loadAgent(documents: Documents, id: string): Promise<Agent> {
  const agent = await load(documents, agentPath(id), Agent);
  if (agent !== undefined) return agent;
  throw new PlaybookError(
    'unknown_agent',
    `There is no agent ${id} in the database. Write playbooks/agents/${id}.yaml and run npm run seed.`,
  );
}

async function load<Schema extends z.ZodType>(
  documents: Documents,
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const stored = await reachable(documents.get(path));
  if (stored === undefined) return undefined;
  const content = schema.safeParse(fromDocument(stored.data['content'] ?? null));
  if (content.success) return content.data;
  throw new PlaybookError(
    'unconfigured',
    `The content of ${path} is not what this code expects (${z.prettifyError(content.error)}). Run npm run seed.`,
    { cause: content.error },
  );
}
