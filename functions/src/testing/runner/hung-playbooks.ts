import type { z } from 'zod';
import { Playbook } from '#language/playbook/playbook.ts';
import { Integrations } from '#language/settings/integrations.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { projectDefinitions } from '../builders/project-definitions.ts';
import type { LocalServer } from '../servers/local-server.ts';
import { PEOPLE } from './booking-playbook.ts';

/** The deadline of these playbooks. */
export const HUNG_DEADLINE_MS = 2_000;

/** A dependency that never answers, and a playbook that waits for it. */
export interface Hung {
  readonly id: string;
  readonly step: z.input<typeof Playbook>['steps'][number];
  readonly channels?: readonly string[];
}

const mail = { type: 'notify', to: ['operator@example.com'], subject: 'Told', body: 'Of this.' };
const request = { id: 'one', type: 'tool_call', tool: 'httpRequest', with: { method: 'POST', url: 'SILENCE/' } };

/** A call during which a test makes the database hang. */
export const HUNG_DATABASE: Hung = { id: 'ops_hung_database', step: request };

/** One for each dependency of the product. */
export const HUNG: readonly Hung[] = [
  { id: 'ops_hung_http', step: request },
  { id: 'ops_hung_integrations', step: { id: 'one', type: 'tool_call', tool: 'checkIntegrations' } },
  { id: 'ops_hung_claude', step: { id: 'one', type: 'synthesize', instructions: 'Write.', with: { calls: 7 } } },
  { id: 'ops_hung_mailjet', step: { id: 'one', ...mail, channels: ['email'] } },
  { id: 'ops_hung_slack', step: { id: 'one', ...mail, channels: ['slack'] } },
  { id: 'ops_hung_alert', step: request, channels: ['email', 'slack', 'dashboard'] },
];

/** Seeds all of them, with a server that never answers as their other side. */
export async function seedHung(documents: Documents, { url }: Pick<LocalServer, 'url'>): Promise<void> {
  const { models } = await projectDefinitions();
  const settings = { people: PEOPLE, integrations: silentIntegrations(url), models, agents: [] };
  await seedSettings(documents, settings, new Date());
  const files = [HUNG_DATABASE, ...HUNG].map((hung) => ({
    playbook: playbookOf(hung, url),
    version: 'v1',
    source: '',
  }));
  await applySeed(documents, files, new Date());
}

/** The variables with which a runner calls that server, whatever it depends on. */
export function hungVariables({ host, port, url }: LocalServer): Readonly<Record<string, string>> {
  return {
    HTTP_ALLOW_PRIVATE: `${host}:${port}`,
    ANTHROPIC_API_KEY: 'sk-ant-of-this-test',
    ANTHROPIC_BASE_URL: url,
    MAILJET_API_KEY: 'key-of-this-test',
    MAILJET_API_SECRET: 'secret-of-this-test',
    MAILJET_BASE_URL: url,
    SLACK_WEBHOOK_URL: `${url}/services/of/this/test`,
  };
}

function playbookOf({ id, step, channels = ['dashboard'] }: Hung, url: string): Playbook {
  const filled: unknown = JSON.parse(JSON.stringify(step).replaceAll('SILENCE', url));
  const alerts = { channels, to: ['operator@example.com'] };
  return Playbook.parse({ id, name: id, deadline: `${HUNG_DEADLINE_MS}ms`, alerts, steps: [filled] });
}

function silentIntegrations(url: string): Integrations {
  const integration = { id: 'silent', name: 'Silent', group: 'Silent', kind: 'external', url: `${url}/health` };
  return Integrations.parse({ integrations: [integration] });
}
