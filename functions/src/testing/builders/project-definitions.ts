import { fileURLToPath } from 'node:url';
import { channels } from '#channels/index.ts';
import { loadDefinitions, type Definitions } from '#language/source/load-directory.ts';
import { stepTypesForChecking } from '#steps/index.ts';
import { tools } from '#tools/index.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../../../playbooks', import.meta.url));

/** Everything in `playbooks/`, checked as the seed checks it. */
export async function projectDefinitions(): Promise<Definitions> {
  return loadDefinitions({
    playbooksDir: PLAYBOOKS,
    settingsDir: PLAYBOOKS,
    stepTypes: stepTypesForChecking,
    tools,
    channels,
  });
}
