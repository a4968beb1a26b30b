import type { Person as Account } from '#ports/identity.ts';

/** Who looks at the console. */
export interface Person extends Account {
  /** Signed in because the console serves only this machine, on a local database; not because of a password. */
  readonly local: boolean;
}

/** What every page knows of its request. */
export type ConsoleEnv = {
  Variables: {
    readonly person: Person;
    /** Goes back in the field `csrf` of every form, or in the header of that name. */
    readonly csrfToken: string;
    /** IANA name of the reader's zone. */
    readonly timeZone: string;
  };
};
