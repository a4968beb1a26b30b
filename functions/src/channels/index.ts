import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Channel } from './channel.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { email } from './email/email.ts';
import { slack } from './slack/slack.ts';

/** All channels there are. */
export const channels: readonly Channel[] = [email, slack, dashboard];

/** The channel of this name. Throws `unknown_channel`, with what was probably meant. */
export function channelNamed(name: string): Channel {
  const channel = channels.find((other) => other.name === name);
  if (channel !== undefined) return channel;
  const names = channels.map((other) => other.name);
  throw new PlaybookError(
    'unknown_channel',
    `There is no channel '${name}'. ${suggestionFor(name, names) ?? ''}`.trim(),
  );
}
