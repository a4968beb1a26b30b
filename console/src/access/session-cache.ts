import { createHash } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { SESSION_MS, type Identity, type Person } from '#ports/identity.ts';

const FRESH_MS = 60_000;
const MAX_SESSIONS = 1_000;

/** Whose sessions are whose, without asking for each page. */
export interface SessionCache {
  /** At most 60 s old: so long a session may live on that was ended, or a role that was changed. Throws what `verify` throws. */
  personOf(sessionCookie: string): Promise<Person | undefined>;
  /** Ends a session here and now. The others of the same person are asked for anew. */
  end(sessionCookie: string, uid: string): void;
}

interface Known {
  readonly person: Promise<Person | undefined>;
  readonly untilMs: number;
  /** Set when the person is known. */
  uid?: string;
}

/** Remembers sessions by the digest of their cookie, in the memory of this process; at most 1,000 of them. */
export function sessionCache(identity: Pick<Identity, 'verify'>, clock: Clock): SessionCache {
  const known = new Map<string, Known>();

  async function ask(key: string, sessionCookie: string, nowMs: number): Promise<Person | undefined> {
    const entry: Known = { person: identity.verify(sessionCookie), untilMs: nowMs + FRESH_MS };
    remember(known, key, entry);
    const person = await entry.person.catch(() => undefined);
    if (person !== undefined) entry.uid = person.uid;
    // Only what lets somebody in is worth remembering. Meanwhile the session may have been ended here.
    else if (known.get(key) === entry) known.delete(key);
    return entry.person;
  }

  return {
    personOf(sessionCookie) {
      const key = digestOf(sessionCookie);
      const nowMs = clock.now().getTime();
      const entry = known.get(key);
      return entry !== undefined && nowMs < entry.untilMs ? entry.person : ask(key, sessionCookie, nowMs);
    },
    end(sessionCookie, uid) {
      for (const [key, entry] of known) if (entry.uid === uid) known.delete(key);
      const untilMs = clock.now().getTime() + SESSION_MS;
      remember(known, digestOf(sessionCookie), { person: Promise.resolve(undefined), untilMs });
    },
  };
}

/** The latest of all; the oldest makes room for it. */
function remember(known: Map<string, Known>, key: string, entry: Known): void {
  known.delete(key);
  known.set(key, entry);
  const [oldest] = known.keys();
  if (known.size > MAX_SESSIONS && oldest !== undefined) known.delete(oldest);
}

function digestOf(sessionCookie: string): string {
  return createHash('sha256').update(sessionCookie).digest('base64');
}
