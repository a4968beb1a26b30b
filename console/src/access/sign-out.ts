import { Hono } from 'hono';
import { PlaybookError } from '#core/failure.ts';
import { withNotice } from '#console/view/frame/notices.ts';
import type { AccessWorld, AccountWorld } from './access-world.ts';
import type { ConsoleEnv, Person } from '#console/world/console-env.ts';
import { endSession, sessionOf } from './session.ts';

/**
 * `POST /sign-out`, for those who are signed in: ends all sessions of the person, so that a cookie which somebody copied is of
 * no use any more. Where Firebase cannot be told, the session ends here alone, and the log says so.
 */
export function signOutRoute(world: AccountWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().post('/sign-out', async (c) => {
    const { person } = c.var;
    world.sessions.end(sessionOf(c) ?? '', person.uid);
    endSession(c, world.config.secure);
    await quietly(world, world.identity.revoke(person.uid), `The other sessions of ${person.email} go on.`);
    await quietly(world, auditSignOut(world, person), `That ${person.email} signed out is not in the audit log.`);
    return c.redirect(withNotice('/sign-in', 'signed_out'), 303);
  });
}

function auditSignOut({ audit }: AccessWorld, { uid, email, role }: Person): Promise<void> {
  return audit({ email, role }, { action: 'signed_out', target: { kind: 'person', id: uid, name: email } });
}

/** Nobody is kept from leaving. */
async function quietly({ log }: AccessWorld, attempt: Promise<void>, otherwise: string): Promise<void> {
  try {
    await attempt;
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError)) throw thrown;
    log('WARNING', `${otherwise} ${thrown.message}`, { cause: thrown });
  }
}
