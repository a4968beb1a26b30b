import type { Channel } from '#channels/channel.ts';
import type { ListedNotification } from '#records/notifications/notifications.ts';
import { effectiveState } from '#records/threads/thread.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { Panel } from '#console/view/elements/parts.tsx';
import { Badge } from '#console/view/elements/status.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { ReceiptBadge } from '#console/view/records/notification-badges.tsx';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { ExecutionView } from './load-execution-view.ts';

/** Who was told what, and what an execution left for people to do. Nothing where it did neither. */
export const ToldPanel = ({
  messages,
  threads,
  channels,
  time,
}: Pick<ExecutionView, 'messages' | 'threads'> & { channels: readonly Channel[]; time: ReaderTime }) => {
  const unreadable = messages.unreadable.length + threads.unreadable.length;
  if (messages.items.length + threads.items.length + unreadable === 0) return null;
  return (
    <Panel title="Messages and inbox items" id="told">
      <ul class="cards">
        {threads.items.map((thread) => (
          <ThreadCard thread={thread} time={time} />
        ))}
        {messages.items.map((message) => (
          <MessageCard message={message} channel={channels.find(({ name }) => name === message.channel)} />
        ))}
      </ul>
      {messages.next === undefined && threads.next === undefined ? null : (
        <p class="muted small">Only the newest are shown.</p>
      )}
      {unreadable === 0 ? null : <p class="muted small">Some other records cannot be read.</p>}
    </Panel>
  );
};

const ThreadCard = ({ thread, time }: { thread: ListedThread; time: ReaderTime }) => (
  <li>
    <a href={`/inbox/${encodeURIComponent(thread.id)}`}>
      <span class="row">
        <KindBadge kind={thread.kind} />
        <span class="title grow">
          <Text value={thread.title} max={120} />
        </span>
        <ThreadStateBadge state={effectiveState(thread, time.now).state} />
      </span>
      <span class="small muted">
        for <Text value={thread.assignee} max={60} />
      </span>
    </a>
  </li>
);

const MessageCard = ({ message, channel }: { message: ListedNotification; channel: Channel | undefined }) => (
  <li>
    <a href={`/notifications/${encodeURIComponent(message.id)}`}>
      <span class="row">
        <Badge tone="unknown">{channel?.label ?? 'message'}</Badge>
        <span class="title grow">
          <Text value={message.subject} max={120} />
        </span>
        <ReceiptBadge status={message.status} />
      </span>
      <span class="small muted">
        <Text value={recipients(message, channel)} max={160} />
      </span>
    </a>
  </li>
);

function recipients({ deliveries }: ListedNotification, channel: Channel | undefined): string {
  if (channel?.addressed === false) return 'To everyone';
  const to = [...new Set(deliveries.slice(0, 20).map((delivery) => delivery.to))];
  return `To ${to.join(', ')}${deliveries.length > 20 ? ' …' : ''}`;
}
