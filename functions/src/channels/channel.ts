import type { DescribedChannel } from '#language/reference/reference-page.ts';
import { oneNamed } from '#core/one-named.ts';
import type { Priority } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';
import type { MessageOrigin, Preview } from './preview.ts';

/** A message for a channel. `body` is Markdown that may contain data: no channel trusts HTML or links in it. */
export interface Message {
  readonly to: readonly string[];
  readonly priority: Priority;
  readonly subject: string;
  readonly body: string;
}

/** The result of a delivery to one recipient. `caught`: only stored, without credentials or because others would read it. */
export type MessageReceipt =
  | { readonly channel: string; readonly to: string; readonly status: 'sent' | 'caught'; readonly messageId: string }
  | {
      readonly channel: string;
      readonly to: string;
      readonly status: 'failed';
      readonly messageId: null;
      readonly retryable: boolean;
      readonly reason: string;
    };

/** A way to notify people. To add a channel, add one file and a line in `index.ts`. */
export interface Channel extends DescribedChannel {
  /** The name for people. */
  readonly label: string;
  /** Where a message goes: to people outside, or only to our own database, which depends on no other service. */
  readonly reach: 'outside' | 'inside';
  /** Why a message was caught, and how to have it sent, in sentences. */
  readonly caughtBecause: string;
  /** The effect of notifying `to`, in words: `A mail to reports (ann@example.com)`. `to` is empty where no recipient is named. */
  outsideWords(to: string): string;
  /** The message as its reader received it. `message` is short enough to be shown. */
  preview(message: Message, origin: MessageOrigin): Promise<Preview>;
  /**
   * Delivers to recipients that have not received the message yet. Only failed deliveries of earlier attempts are repeated.
   * Where the context names the only person to notify, a channel that others can read only stores the message (`caught`).
   * Resolves to one receipt per recipient. Throws `PlaybookError` when nothing could be sent.
   */
  deliver(
    message: Message,
    earlier: readonly MessageReceipt[],
    context: StepContext,
    ports: Ports,
  ): Promise<readonly MessageReceipt[]>;
}

/** The channel of this name. Throws `unknown_channel`, with a suggestion. */
export function channelNamed(channels: readonly Channel[], name: string): Channel {
  return oneNamed(channels, name, { what: 'channel', code: 'unknown_channel' });
}
