import { fileURLToPath } from 'node:url';
import { loadDefinitions, type Definitions } from '#language/source/load-directory.ts';
import { catalog } from '#functions/catalog.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../../../playbooks', import.meta.url));

/** All definitions in `playbooks/`, checked as in a seed. */
export async function projectDefinitions(): Promise<Definitions> {
  return loadDefinitions({
    playbooksDir: PLAYBOOKS,
    settingsDir: PLAYBOOKS,
    ...catalog,
  });
}
