import type { Channel } from './channel.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { email } from './email/email.ts';
import { slack } from './slack/slack.ts';

/** All channels. */
export const channels: readonly Channel[] = [email, slack, dashboard];
