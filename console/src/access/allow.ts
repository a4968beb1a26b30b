import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { may, rolesThatMay, type Action } from './roles.ts';

/** Lets a request pass if the person's role allows the action. Otherwise answers 403; nothing is read or changed. */
export function allow(action: Action): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const { role } = c.var.person;
    if (may(role, action)) return next();
    throw new HTTPException(403, {
      message:
        `This requires the role ${rolesThatMay(action).join(' or ')}; yours is ${role}. ` +
        'An admin can grant it with npm run grant.',
    });
  };
}
