/** What a super user may do, from the least to the most; what each means stands with the console. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** How long a session lasts that nobody ends. */
export const SESSION_MS = 12 * 3_600_000;

/** Somebody who was let in. */
export interface Person {
  readonly uid: string;
  readonly email: string;
  readonly role: Role;
}

/** An account as it stands, whether it is let in or not. */
export interface Account {
  readonly uid: string;
  readonly email: string;
  /** `null`: no super user. */
  readonly role: Role | null;
  readonly disabled: boolean;
  /** Whether somebody proved that the address is theirs. Until then whoever registered it may be anybody. */
  readonly emailVerified: boolean;
}

/** What came of an attempt to sign in. */
export type SignIn =
  | { readonly outcome: 'signed_in'; readonly sessionCookie: string; readonly person: Person }
  /** Unknown, wrong password, disabled, or no super user: one answer for all of them. */
  | { readonly outcome: 'refused' }
  /** The password is right and not enough: a second factor is asked for, or a new password. */
  | { readonly outcome: 'unfinished'; readonly needs: 'second_factor' | 'new_password' };

/**
 * Who people are. Only accounts with the claim `superUser: true` are let in; their role is the claim `playbookRole`, and
 * `viewer` where that is missing or unknown.
 *
 * Every call throws `unavailable` or `timeout` when the other side is out of reach, `unauthenticated` when it does not accept
 * our own credentials, and `unconfigured` when what it needs is not set up.
 */
export interface Identity {
  /** Also throws `rate_limited` when the other side has seen too many attempts. */
  signIn(email: string, password: string): Promise<SignIn>;
  /**
   * Whose session it is, with the role of the account now; `undefined` for one that is malformed, forged, expired or ended, and
   * when the account was disabled or is no super user any more.
   */
  verify(sessionCookie: string): Promise<Person | undefined>;
  /** Ends all sessions of an account, on all devices. Sessions of the same second may live on. */
  revoke(uid: string): Promise<void>;
  /** The account of an address; `undefined` where there is none, and for what is no address. */
  findAccount(email: string): Promise<Account | undefined>;
  /** All super users, by address. */
  listPeople(): Promise<readonly Account[]>;
  /**
   * Makes an account a super user of this role, or none with `null`, keeps its other claims, and ends its sessions. Throws
   * `input_invalid` when there is no such account.
   */
  grant(email: string, role: Role | null): Promise<Account>;
  /**
   * Makes an account without a password and a link by which one is chosen. Throws `input_invalid` for what is no address, and
   * when there is one already.
   */
  createAccount(email: string): Promise<{ readonly account: Account; readonly passwordResetLink: string }>;
  close(): Promise<void>;
}
