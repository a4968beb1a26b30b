/** The roles of super users, in ascending order; the console defines what each may do. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** How long a session lasts unless it is ended. */
export const SESSION_MS = 12 * 3_600_000;

/** A signed-in user. */
export interface Person {
  readonly uid: string;
  readonly email: string;
  readonly role: Role;
}

/** An account, whether it has access or not. */
export interface Account {
  readonly uid: string;
  readonly email: string;
  /** `null`: not a super user. */
  readonly role: Role | null;
  readonly disabled: boolean;
  /** Whether the owner of the address has confirmed it. Until then, anyone could have registered it. */
  readonly emailVerified: boolean;
}

/** The result of a sign-in attempt. */
export type SignIn =
  | { readonly outcome: 'signed_in'; readonly sessionCookie: string; readonly person: Person }
  /** Unknown account, wrong password, disabled, or not a super user: the same answer for all of them. */
  | { readonly outcome: 'refused' }
  /** The password is correct but not sufficient: a second factor or a new password is required. */
  | { readonly outcome: 'unfinished'; readonly needs: 'second_factor' | 'new_password' };

/**
 * Authentication of users. Only accounts with the claim `superUser: true` have access; their role is the claim
 * `playbookRole`, or `viewer` if that is missing or unknown.
 *
 * Every call throws `unavailable` or `timeout` if the other side is unreachable, `unauthenticated` if it does not
 * accept our own credentials, and `unconfigured` if a required setting is missing.
 */
export interface Identity {
  /** Also throws `rate_limited` if the other side has seen too many attempts. */
  signIn(email: string, password: string): Promise<SignIn>;
  /**
   * The user of a session, with the account's current role; `undefined` if the session is malformed, forged, expired or
   * ended, or the account is disabled or no longer a super user.
   */
  verify(sessionCookie: string): Promise<Person | undefined>;
  /** Ends all sessions of an account, on all devices. Sessions of the same second may live on. */
  revoke(uid: string): Promise<void>;
  /** The account of an address; `undefined` if none exists or the address is invalid. */
  findAccount(email: string): Promise<Account | undefined>;
  /** All super users, by address. */
  listPeople(): Promise<readonly Account[]>;
  /**
   * Makes an account a super user with this role (`null`: not a super user), keeps its other claims, and ends its
   * sessions. Throws `input_invalid` if the account does not exist.
   */
  grant(email: string, role: Role | null): Promise<Account>;
  /**
   * Creates an account without a password, and a link for choosing one. Throws `input_invalid` if the address is
   * invalid or already has an account.
   */
  createAccount(email: string): Promise<{ readonly account: Account; readonly passwordResetLink: string }>;
  close(): Promise<void>;
}
