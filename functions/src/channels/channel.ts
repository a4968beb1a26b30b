import type { Priority } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';

/** What a channel is asked to tell. `body` is Markdown that may hold data: no channel trusts HTML or links in it. */
export interface Message {
  readonly to: readonly string[];
  readonly priority: Priority;
  readonly subject: string;
  readonly body: string;
}

/** What became of a message for one recipient. `caught`: kept here, for lack of credentials or because others would read it. */
export type Delivery =
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
  readonly name: string;
  readonly summary: string;
  /** Whether a message goes to addresses (`to`) or to one place for all. */
  readonly addressed: boolean;
  /**
   * Delivers to those that have not got it yet. `earlier` are the deliveries of the attempts before this one, so that
   * only what failed is sent again. Where the context names the only person to be told, a channel that others read only
   * keeps the message (`caught`). Resolves to one delivery per recipient. Throws `PlaybookError` when nothing could be sent.
   */
  deliver(
    message: Message,
    earlier: readonly Delivery[],
    context: StepContext,
    ports: Ports,
  ): Promise<readonly Delivery[]>;
}
