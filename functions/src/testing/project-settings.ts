import { fileURLToPath } from 'node:url';
import { loadDefinitions } from '../definitions/load-directory.ts';
import type { SettingSources } from '../records/seed-settings.ts';
import { channels } from '../channels/index.ts';
import { stepTypesForChecking } from '../steps/index.ts';
import { tools } from '../tools/index.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../../playbooks', import.meta.url));

/** The agents, people, integrations and prices of this project, as the seed writes them. */
export async function loadSettingsOfProject(): Promise<SettingSources> {
  return loadDefinitions({
    playbooksDir: PLAYBOOKS,
    settingsDir: PLAYBOOKS,
    stepTypes: stepTypesForChecking,
    tools,
    channelNames: channels.map(({ name }) => name),
  });
}
