import { oneNamed } from '#core/one-named.ts';
import type { Priority } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';
import type { MessageOrigin, Preview } from './preview.ts';

/** What a channel is asked to tell. `body` is Markdown that may hold data: no channel trusts HTML or links in it. */
export interface Message {
  readonly to: readonly string[];
  readonly priority: Priority;
  readonly subject: string;
  readonly body: string;
}

/** What became of a message for one recipient. `caught`: kept here, for lack of credentials or because others would read it. */
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

/** A way to tell people. One file each; adding one is that file and a line in `index.ts`. */
export interface Channel {
  /** What playbooks write, and what is recorded. */
  readonly name: string;
  /** What people read instead. */
  readonly label: string;
  /** One sentence: for the reference page. */
  readonly summary: string;
  /** Whether a message goes to addresses (`to`) or to one place for all. */
  readonly addressed: boolean;
  /** Where a message ends up: with people outside, or in our own database alone, where nothing needs anybody else. */
  readonly reach: 'outside' | 'inside';
  /** Why a message was caught here, and what would have it sent, in sentences. */
  readonly caughtBecause: string;
  /** What telling `to` does outside, in words: `A mail to reports (ann@example.com)`. Empty where nobody is named. */
  outsideWords(to: string): string;
  /** The message as its reader got it. `message` is of a length that may be shown. */
  preview(message: Message, origin: MessageOrigin): Promise<Preview>;
  /**
   * Delivers to those that have not got it yet. `earlier` are the receipts of the attempts before this one, so that
   * only what failed is sent again. Where the context names the only person to be told, a channel that others read only
   * keeps the message (`caught`). Resolves to one receipt per recipient. Throws `PlaybookError` when nothing could be sent.
   */
  deliver(
    message: Message,
    earlier: readonly MessageReceipt[],
    context: StepContext,
    ports: Ports,
  ): Promise<readonly MessageReceipt[]>;
}

/** The channel of this name. Throws `unknown_channel`, with what was probably meant. */
export function channelNamed(channels: readonly Channel[], name: string): Channel {
  return oneNamed(channels, name, { what: 'channel', code: 'unknown_channel' });
}
