import { PlaybookError } from '../../../functions/src/engine/failure.ts';
import type { People } from '../../../functions/src/definitions/people.ts';
import type { ConsoleWorld } from '../world.ts';

/** The roles of people.yaml with their addresses; none where it was not seeded. Throws `unavailable`. */
export async function rolesOfPeople({ settings }: Pick<ConsoleWorld, 'settings'>): Promise<People['roles']> {
  return (await seededPeople(settings))?.roles ?? {};
}

/** Hosts whose links stay links in what people are sent; none where people.yaml was not seeded. Throws `unavailable`. */
export async function allowedLinkHosts({ settings }: Pick<ConsoleWorld, 'settings'>): Promise<readonly string[]> {
  return (await seededPeople(settings))?.allowedLinkHosts ?? [];
}

async function seededPeople(settings: ConsoleWorld['settings']): Promise<People | undefined> {
  try {
    return await settings.people();
  } catch (thrown) {
    if (thrown instanceof PlaybookError && thrown.code === 'unconfigured') return undefined;
    throw thrown;
  }
}
