import { cut } from '#core/cut.ts';
import type { Child } from 'hono/jsx';
import type { Channel } from '#channels/channel.ts';
import type { MessageOrigin, Preview } from '#channels/preview.ts';
import { ALERT_NAME, ALERT_PATH } from '#engine/alert.ts';
import type { Notification } from '#records/notifications/notifications.ts';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Facts, Head, Panel, Table } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText, Text, visible } from '#console/view/elements/text.tsx';
import { Time, zoneWords, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import { ReceiptBadge, PriorityBadge } from '#console/view/records/notification-badges.tsx';
import { Card } from './card.tsx';

const MAX_TEXT_CHARS = 100_000;

/** Everything that the page of one message shows. */
interface Shown {
  readonly id: string;
  readonly message: Notification;
  readonly channel: Channel | undefined;
  readonly origin: MessageOrigin;
  readonly preview: Preview;
  readonly part: 'html' | 'text';
  readonly time: ReaderTime;
}

/** One message as its reader saw it, with its deliveries and its source. */
export const MessagePage = (shown: Shown) => {
  const { message, channel, time } = shown;
  return (
    <>
      <Head title={<Text value={message.subject} max={240} />}>
        <span class="row">
          <ReceiptBadge status={message.status} />
          <PriorityBadge priority={message.priority} />
          <span>
            {shownText(channel?.label ?? message.channel, 40)}, <Time at={message.createdAt} {...time} />
          </span>
        </span>
      </Head>
      <Caught message={message} channel={channel} />
      <div class="grid wide-first">
        <Panel title="Preview" id="message">
          <Reader {...shown} />
        </Panel>
        <div class="stack">
          <Deliveries message={message} channel={channel} />
          <Source {...shown} />
        </div>
      </div>
    </>
  );
};

const Source = ({ message, origin, time }: Shown) => (
  <Panel title="Source">
    <Facts
      facts={[
        [
          'Playbook',
          <a href={`/playbooks/${encodeURIComponent(message.playbookId)}`}>
            <Text value={origin.playbookName} max={80} />
          </a>,
        ],
        [
          'Execution',
          <a href={executionHref(message.executionId)}>
            <Text value={message.executionId} max={80} />
          </a>,
        ],
        [
          'Step',
          <a href={stepHref(message.executionId, message.stepPath)}>
            <Text value={message.stepPath === ALERT_PATH ? ALERT_NAME : message.stepPath} max={80} />
          </a>,
        ],
        [`When (${zoneWords(time.timeZone)})`, <Time at={message.createdAt} {...time} absolute />],
      ]}
    />
  </Panel>
);

const Reader = ({ id, message, part, preview }: Shown): Child => {
  if (preview.kind === 'card') return <Card blocks={preview.blocks()} />;
  if (preview.kind === 'markdown') return <Markdown text={message.body} />;
  const path = `/notifications/${encodeURIComponent(id)}`;
  const text = part === 'text' ? preview.text() : '';
  return (
    <>
      <Tabs
        label="Parts of the mail"
        tabs={[
          { name: 'HTML', href: path, current: part === 'html' },
          { name: 'Text', href: `${path}?part=text`, current: part === 'text' },
        ]}
      />
      {part === 'html' ? (
        <iframe class="mail-frame" title="The mail" src={`${path}/mail`} sandbox="allow-same-origin" />
      ) : (
        <pre class="letter" tabindex={0} role="region" aria-label="The text part of the mail">
          {visible(cut(text, MAX_TEXT_CHARS))}
        </pre>
      )}
    </>
  );
};

const Caught = ({ message, channel }: Pick<Shown, 'message' | 'channel'>) => {
  if (!message.deliveries.some(({ status }) => status === 'caught')) return null;
  return (
    <p class="hint">
      <strong>Not sent:</strong> {channel?.caughtBecause ?? 'the message was only kept.'}
    </p>
  );
};

const Deliveries = ({ message, channel }: Pick<Shown, 'message' | 'channel'>) => (
  <Panel title="Recipients">
    {message.deliveries.length === 0 ? <p class="muted">No recipients</p> : null}
    <Table
      label="Deliveries"
      columns={['To', 'Delivery']}
      rows={message.deliveries.slice(0, 100).map((delivery, index) => ({
        key: `delivery-${index}`,
        cells: [
          channel?.addressed === false ? 'everyone' : <Text value={delivery.to} max={80} />,
          <span>
            <ReceiptBadge status={delivery.status} />{' '}
            {delivery.status === 'failed' ? (
              <span class="small">
                <Text value={delivery.reason} max={400} />
                {delivery.ambiguous ? ' It may still have arrived: no answer came back.' : ''}
              </span>
            ) : null}
          </span>,
        ],
      }))}
    />
  </Panel>
);
