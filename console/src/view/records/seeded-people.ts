import { PlaybookError } from '#core/failure.ts';
import type { People } from '#language/settings/people.ts';
import type { ConsoleWorld } from '#console/world/world.ts';

/** What pages use of people.yaml. */
export type SeededPeople = Pick<People, 'roles' | 'allowedRecipients' | 'allowedLinkHosts'>;

const NOBODY: SeededPeople = { roles: {}, allowedRecipients: [], allowedLinkHosts: [] };

/** The people of people.yaml; nobody where it was not seeded. Throws `unavailable`. */
export async function seededPeople({ settings }: Pick<ConsoleWorld, 'settings'>): Promise<SeededPeople> {
  try {
    return await settings.people();
  } catch (thrown) {
    if (thrown instanceof PlaybookError && thrown.code === 'unconfigured') return NOBODY;
    throw thrown;
  }
}
