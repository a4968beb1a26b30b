import type { Person } from '#console/world/console-env.ts';

/** An end that was asked for and refused: why, and what the person had written. */
export interface RefusedEnd {
  readonly message: string;
  readonly reason: string;
}

/** What the form that ends an execution needs to know of its reader. */
export interface EndingForm {
  readonly person: Person;
  readonly csrfToken: string;
  readonly refused: RefusedEnd | undefined;
}
