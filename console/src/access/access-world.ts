import type { Clock } from '#core/clock.ts';
import type { Identity } from '#ports/identity.ts';
import type { Log } from '#ports/log.ts';
import type { Actor } from '#records/audit/actor.ts';
import type { AuditedAction } from '#records/audit/audit-entry.ts';
import type { AccessConfig } from './access-config.ts';
import type { SessionCache } from './session-cache.ts';

/** What the entrance of the console needs of the world. */
export interface AccessWorld {
  readonly config: AccessConfig;
  /** Who people are; a console for the operator at this machine asks nobody. */
  readonly identity: Identity | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Records sign-ins, sign-outs and refusals in the audit log. Throws what `appendAudit` throws. */
  audit(actor: Actor, action: AuditedAction): Promise<void>;
}

/** The world of a console that people sign in to. */
export interface AccountWorld extends AccessWorld {
  readonly identity: Identity;
  readonly sessions: SessionCache;
}
