import type { Channel, MessageReceipt, Message } from '#channels/channel.ts';
import { failureClassOf, isRetryable, PlaybookError } from '#core/failure.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';

/** The receipt of a message that reached its recipient, or was caught. */
export type DeliveredReceipt = Extract<MessageReceipt, { status: 'sent' | 'caught' }>;

/**
 * Delivers a message through all channels at the same time, only to one person where the context says so; one that is down
 * does not keep the others from delivering. Throws unless all recipients have received it: with the code of a channel's
 * failure (`unavailable`, `rate_limited` … where another attempt may help, otherwise `rejected` and similar codes), and every
 * receipt in `details`.
 */
export async function deliverThrough(
  channels: readonly Channel[],
  message: Message,
  context: StepContext,
  ports: Ports,
): Promise<readonly DeliveredReceipt[]> {
  const { onlyTo } = context;
  const addressed = onlyTo === undefined || message.to.length === 0 ? message : { ...message, to: [onlyTo] };
  return receiptsOf(await Promise.all(channels.map((channel) => deliver(channel, addressed, context, ports))));
}

/** The result of a message on one channel. `error`: the channel could not send at all. */
interface ChannelResult {
  readonly deliveries: readonly MessageReceipt[];
  readonly error?: PlaybookError;
}

/** Keeps a channel's failure, so that the others continue. Throws errors that do not concern the channel: a lost lease, a bug. */
async function deliver(channel: Channel, message: Message, context: StepContext, ports: Ports): Promise<ChannelResult> {
  try {
    return { deliveries: await channel.deliver(message, [], context, ports) };
  } catch (error) {
    if (!(error instanceof PlaybookError) || failureClassOf(error.code) === 'internal') throw error;
    const retryable = isRetryable(error);
    const recipients = channel.addressed ? message.to : [channel.name];
    const failed = {
      channel: channel.name,
      status: 'failed',
      messageId: null,
      retryable,
      reason: error.message,
    } as const;
    return { deliveries: recipients.map((to) => ({ ...failed, to })), error };
  }
}

function receiptsOf(results: readonly ChannelResult[]): readonly DeliveredReceipt[] {
  const deliveries = results.flatMap((result) => result.deliveries);
  const failed = deliveries.filter((delivery) => delivery.status === 'failed');
  if (failed.length === 0) return deliveries.filter((delivery) => delivery.status !== 'failed').map(shortly);

  const retryable = failed.some((delivery) => delivery.retryable);
  const errors = results.flatMap(({ error }) => error ?? []);
  const telling = errors.find((error) => isRetryable(error) === retryable);
  const waits = errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  throw new PlaybookError(
    telling?.code ?? (retryable ? 'unavailable' : 'rejected'),
    `${failed.length} of ${deliveries.length} messages were not delivered. ${reasonsOf(failed)}`,
    {
      ...(retryable && waits.length > 0 ? { retryAfterMs: Math.max(...waits) } : {}),
      details: { deliveries: deliveries.map((delivery) => ({ ...delivery })) },
      cause: errors[0],
    },
  );
}

type FailedReceipt = Extract<MessageReceipt, { status: 'failed' }>;

const SHOWN_REASONS = 5;
const SHOWN_RECIPIENTS = 3;

/** Each reason once, with the affected recipients: `email to a@b.c, d@e.f, g@h.i and 47 others: Mailjet is down.` */
function reasonsOf(failed: readonly FailedReceipt[]): string {
  const groups = new Map<string, { readonly channel: string; readonly reason: string; readonly to: string[] }>();
  for (const { channel, reason, to } of failed) {
    const key = `${channel}: ${reason}`;
    const group = groups.get(key) ?? { channel, reason, to: [] };
    group.to.push(to);
    groups.set(key, group);
  }
  const told = [...groups.values()]
    .slice(0, SHOWN_REASONS)
    .map(({ channel, reason, to }) => `${channel} to ${namesOf(to)}: ${reason}`);
  const more = groups.size - told.length;
  if (more > 0)
    told.push(more === 1 ? 'one other reason: see the deliveries' : `${more} other reasons: see the deliveries`);
  return told.join('; ');
}

function namesOf(recipients: readonly string[]): string {
  const others = recipients.length - SHOWN_RECIPIENTS;
  if (others <= 1) return recipients.join(', ');
  return `${recipients.slice(0, SHOWN_RECIPIENTS).join(', ')} and ${others} others`;
}

function shortly({ channel, to, status, messageId }: DeliveredReceipt): DeliveredReceipt {
  return { channel, to, status, messageId };
}
