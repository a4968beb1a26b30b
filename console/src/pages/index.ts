import type { Hono } from 'hono';
import type { ConsoleEnv } from '../access/console-env.ts';
import type { ConsoleWorld } from '../world.ts';
import { auditPages } from './audit.tsx';
import { inboxPages } from './inbox.tsx';
import { notificationPages } from './notification.tsx';
import { notificationsPages } from './notifications.tsx';
import { threadPages } from './thread.tsx';
import { executionPages } from './execution.tsx';
import { executionsPages } from './executions.tsx';

/** Every page of the console, with its address. */
export const PAGES: readonly ((world: ConsoleWorld) => Hono<ConsoleEnv>)[] = [
  executionsPages,
  executionPages,
  inboxPages,
  threadPages,
  notificationsPages,
  notificationPages,
  auditPages,
];
