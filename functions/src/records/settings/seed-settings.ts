import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '#language/settings/agent.ts';
import type { Integrations } from '#language/settings/integrations.ts';
import type { Models } from '#language/settings/models.ts';
import type { People } from '#language/settings/people.ts';
import type { Platform } from '#language/settings/platform.ts';
import type { Documents, DocumentValue } from '#ports/documents/documents.ts';
import { SETTING_NAMES, agentPath, settingPath } from './settings.ts';
import { toDocument } from '../store/document-json.ts';

/** What is seeded in addition to the playbooks. An undefined setting stays unchanged in the database. */
export interface SettingSources {
  readonly people?: People | undefined;
  readonly platform?: Platform | undefined;
  readonly integrations?: Integrations | undefined;
  readonly models?: Models | undefined;
  readonly agents: readonly Agent[];
}

/** What seeding one of the settings or agents does, or did. */
export interface SettingEntry {
  /** `people`, `agents/leo` … */
  readonly name: string;
  readonly change: 'new' | 'changed' | 'unchanged';
}

/** What a seed of the settings does in total. `absent` names agents without a file: they stay, older executions may need them. */
export interface SettingsReport {
  readonly settings: readonly SettingEntry[];
  readonly absent: readonly string[];
}

interface Planned extends SettingEntry {
  readonly path: string;
  readonly content: DocumentValue;
}

/** What `seedSettings` would do now; writes nothing. Throws what the documents port throws. */
export async function settingsPlan(documents: Documents, sources: SettingSources): Promise<SettingsReport> {
  const { planned, absent } = await plan(documents, sources);
  return { settings: planned.map(({ name, change }) => ({ name, change })), absent };
}

/**
 * Writes all settings and agents that differ from the database, in one commit: all or none. Only seeds write them, so the
 * last seed wins. Throws what the documents port throws.
 */
export async function seedSettings(
  documents: Documents,
  sources: SettingSources,
  seededAt: Date,
): Promise<SettingsReport> {
  const { planned, absent } = await plan(documents, sources);
  const different = planned.filter(({ change }) => change !== 'unchanged');
  if (different.length > 0) {
    await documents.commit(different.map(({ path, content }) => ({ kind: 'set', path, data: { content, seededAt } })));
  }
  return { settings: planned.map(({ name, change }) => ({ name, change })), absent };
}

async function plan(
  documents: Documents,
  sources: SettingSources,
): Promise<{ readonly planned: readonly Planned[]; readonly absent: readonly string[] }> {
  const wanted = [
    ...SETTING_NAMES.filter((name) => sources[name] !== undefined).map((name) => ({
      name,
      path: settingPath(name),
      content: toDocument(sources[name], 1),
    })),
    ...sources.agents.map((agent) => ({
      name: `agents/${agent.id}`,
      path: agentPath(agent.id),
      content: toDocument(agent, 1),
    })),
  ];
  const stored = new Map<string, DocumentValue | undefined>();
  for (const collection of ['playbook_settings', 'playbook_agents']) {
    for (const document of await documents.query({ collection })) stored.set(document.path, document.data['content']);
  }
  const ids = new Set(sources.agents.map(({ id }) => agentPath(id)));
  return {
    planned: wanted.map((setting) => ({ ...setting, change: changeOf(setting, stored) })),
    absent: [...stored.keys()]
      .filter((path) => path.startsWith('playbook_agents/') && !ids.has(path))
      .map((path) => path.replace('playbook_agents/', 'agents/'))
      .toSorted(),
  };
}

function changeOf(
  { path, content }: { readonly path: string; readonly content: DocumentValue },
  stored: ReadonlyMap<string, DocumentValue | undefined>,
): SettingEntry['change'] {
  if (!stored.has(path)) return 'new';
  return isDeepStrictEqual(stored.get(path), content) ? 'unchanged' : 'changed';
}
