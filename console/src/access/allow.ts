import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { may, rolesThatMay, type Action } from './roles.ts';

/** Lets those pass whose role may do this. Everybody else gets 403, and nothing is read or changed for them. */
export function allow(action: Action): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const { role } = c.var.person;
    if (may(role, action)) return next();
    throw new HTTPException(403, {
      message:
        `Your role is ${role}; to ${action.replaceAll('_', ' ')} takes one of these: ${rolesThatMay(action).join(', ')}. ` +
        'An admin can give it to you with npm run grant.',
    });
  };
}
