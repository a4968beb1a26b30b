import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Role } from '#ports/identity.ts';

/** The person who makes a change. The role is null only where access was refused. */
export interface Actor {
  readonly email: string;
  readonly role: Role | null;
}

/** The dependencies of a change that a person makes. `newId` returns a new unique text on each call. */
export interface ChangeWorld {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly newId: () => string;
}
