import { Hono } from 'hono';
import type { Channel } from '#channels/channel.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import { listNotifications, type ListedNotification } from '#records/notifications/notifications.ts';
import type { Page } from '#records/store/query-page.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head, Paging, Panel, Table } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { playbookNames, type PlaybookName } from '#console/view/records/playbook-names.ts';
import { PriorityBadge, ReceiptBadge } from '#console/view/records/notification-badges.tsx';

import { NotificationFilters } from './notification-filters.tsx';
import { NotificationsWish } from './notifications-wish.ts';

const PAGE_SIZE = 25;
/** Of the 60 documents that a page may read, what its rows leave. */
const NAMES_BUDGET = 30;

/** `/notifications`: everything that was told to people, sent or caught. Reads at most 56 documents beside those of the frame. */
export function notificationsPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const namesWithin = playbookNames(world.documents, world.clock);
  app.get('/notifications', async (c) => {
    const { stepTypes, channels } = world.catalog;
    const wish = knownWish(NotificationsWish.parse(c.req.query()), channels);
    const { channel, status, playbook, execution, after } = wish;
    const [page, playbooks] = await Promise.all([
      listNotifications(
        world.documents,
        { channel, status, playbookId: playbook, executionId: execution },
        { limit: PAGE_SIZE, after },
      ),
      namesWithin(NAMES_BUDGET),
    ]);
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    return show(c, world, {
      title: 'Notifications',
      section: 'notifications',
      live: 'notifications',
      main: <Notifications {...{ wish, page, playbooks, stepTypes, channels, time }} />,
    });
  });
  return app;
}

/** A channel that does not exist filters nothing. */
function knownWish({ channel, ...wish }: NotificationsWish, channels: readonly Channel[]): NotificationsWish {
  return { ...wish, channel: channels.some(({ name }) => name === channel) ? channel : undefined };
}

interface Shown {
  readonly wish: NotificationsWish;
  readonly page: Page<ListedNotification>;
  readonly playbooks: readonly PlaybookName[];
  readonly stepTypes: readonly AnyStepDefinition[];
  readonly channels: readonly Channel[];
  readonly time: ReaderTime;
}

const Notifications = ({ wish, page, playbooks, stepTypes, channels, time }: Shown) => (
  <>
    <Head title="Notifications" />
    <NotificationFilters wish={wish} playbooks={playbooks} channels={channels} />
    <Panel title="Messages" aside="newest first">
      <Unreadable records={page.unreadable} />
      {page.items.length === 0 ? (
        <Nothing wish={wish} stepTypes={stepTypes} />
      ) : (
        <Table
          label="Messages"
          columns={['Subject', 'Channel', 'Delivery', 'To', 'Playbook', 'When']}
          rows={page.items.map((message) => rowOf(message, { playbooks, channels, time }))}
        />
      )}
      <Paging
        nextHref={page.next === undefined ? undefined : hrefOf('/notifications', { ...wish, after: page.next })}
      />
    </Panel>
  </>
);

const Nothing = ({ wish, stepTypes }: Pick<Shown, 'wish' | 'stepTypes'>) =>
  Object.values({ ...wish, after: undefined }).some((filter) => filter !== undefined) ? (
    <Empty>
      No messages match these filters. <a href="/notifications">Clear filters</a>
    </Empty>
  ) : (
    <Empty>
      No messages yet. A playbook sends one with the step <code>{tellingType(stepTypes)}</code> or as an alert.
    </Empty>
  );

function tellingType(stepTypes: readonly AnyStepDefinition[]): string | undefined {
  return stepTypes.find((stepType) => stepType.kind === 'action' && stepType.tellsAlerts)?.type;
}

function rowOf(
  message: ListedNotification,
  { playbooks, channels, time }: Pick<Shown, 'playbooks' | 'channels' | 'time'>,
) {
  const channel = channels.find(({ name }) => name === message.channel);
  const href = `/notifications/${encodeURIComponent(message.id)}`;
  const name = playbooks.find(({ id }) => id === message.playbookId)?.name ?? message.playbookId;
  const [first, ...others] = message.deliveries;
  return {
    key: message.id,
    href,
    cells: [
      <span class="thread-title">
        <PriorityBadge priority={message.priority} />{' '}
        <a href={href}>
          <Text value={message.subject} max={120} />
        </a>
      </span>,
      <span class="nowrap">
        <Text value={channel?.label ?? message.channel} max={20} />
      </span>,
      <ReceiptBadge status={message.status} />,
      first === undefined || channel?.addressed !== true ? (
        <span class="muted">everyone</span>
      ) : (
        <span>
          <Text value={first.to} max={50} />
          {others.length === 0 ? null : <span class="muted"> and {others.length} more</span>}
        </span>
      ),
      <Text value={name} max={50} />,
      <Time at={message.createdAt} {...time} />,
    ],
  };
}
