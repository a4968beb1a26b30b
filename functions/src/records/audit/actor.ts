import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Role } from '#ports/identity.ts';

/** The person behind a change. The role is null only where nobody was let in. */
export interface Actor {
  readonly email: string;
  readonly role: Role | null;
}

/** What a change that a person makes needs of the world. `newId` gives a text that it never gave before. */
export interface ChangeWorld {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly newId: () => string;
}
