import type { Hono } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { auditPages } from './audit/index.tsx';
import { controlPages } from './now/control.ts';
import { healthPages } from './health/index.tsx';
import { inboxPages } from './inbox/index.tsx';
import { notificationPages } from './notification/index.tsx';
import { notificationsPages } from './notifications/index.tsx';
import { nowPages } from './now/index.tsx';
import { playbookPages } from './playbook/index.tsx';
import { playbooksPages } from './playbooks/index.tsx';
import { spendPages } from './spend/index.tsx';
import { threadPages } from './thread/index.tsx';
import { executionPages } from './execution/index.tsx';
import { executionsPages } from './executions/index.tsx';

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
