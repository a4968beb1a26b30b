import type { Hono } from 'hono';
import type { ConsoleEnv } from '../access/console-env.ts';
import type { ConsoleWorld } from '../world.ts';
import { auditPages } from './audit.tsx';
import { controlPages } from './control.ts';
import { healthPages } from './health.tsx';
import { inboxPages } from './inbox.tsx';
import { notificationPages } from './notification.tsx';
import { notificationsPages } from './notifications.tsx';
import { nowPages } from './now.tsx';
import { playbookPages } from './playbook.tsx';
import { playbooksPages } from './playbooks.tsx';
import { spendPages } from './spend.tsx';
import { threadPages } from './thread.tsx';
import { executionPages } from './execution.tsx';
import { executionsPages } from './executions.tsx';

/** Every page of the console, with its address. */
export const PAGES: readonly ((world: ConsoleWorld) => Hono<ConsoleEnv>)[] = [
  nowPages,
  controlPages,
  healthPages,
  spendPages,
  executionsPages,
  executionPages,
  playbooksPages,
  playbookPages,
  inboxPages,
  threadPages,
  notificationsPages,
  notificationPages,
  auditPages,
];
