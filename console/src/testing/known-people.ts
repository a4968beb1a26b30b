import { PlaybookError } from '#core/failure.ts';
import type { Identity, Person, Role } from '#ports/identity.ts';

/** People whose accounts stand in memory: the password of each is `password of` and the address. */
export interface KnownPeople extends Pick<Identity, 'signIn' | 'verify' | 'revoke'> {
  /** How often it was asked whose a session is. */
  readonly asked: () => number;
  setRole(email: string, role: Role | null): void;
  /** From now on nothing answers, until it is called with false. */
  setOutage(isOut: boolean): void;
}

/** The port of identity as far as the console uses it. */
export function knownPeople(roles: Readonly<Record<string, Role>>): KnownPeople {
  const people = new Map<string, Role | null>(Object.entries(roles));
  const sessions = new Map<string, string>();
  let asked = 0;
  let begun = 0;
  let isOut = false;

  function personOf(email: string | undefined): Person | undefined {
    const role = people.get(email ?? '') ?? null;
    return email === undefined || role === null ? undefined : { uid: `uid-${email}`, email, role };
  }

  function answers(): void {
    if (isOut) throw new PlaybookError('unavailable', 'Firebase Authentication is out of reach.');
  }

  return {
    asked: () => asked,
    setRole: (email, role) => void people.set(email, role),
    setOutage: (out) => void (isOut = out),
    async signIn(email, password) {
      answers();
      if (email === 'second@example.com') return { outcome: 'unfinished', needs: 'second_factor' };
      const person = password === `password of ${email}` ? personOf(email) : undefined;
      if (person === undefined) return { outcome: 'refused' };
      const sessionCookie = `session-${(begun += 1)}`;
      sessions.set(sessionCookie, email);
      return { outcome: 'signed_in', sessionCookie, person };
    },
    async verify(sessionCookie) {
      asked += 1;
      answers();
      return personOf(sessions.get(sessionCookie));
    },
    async revoke(uid) {
      answers();
      for (const [session, email] of sessions) if (`uid-${email}` === uid) sessions.delete(session);
    },
  };
}
