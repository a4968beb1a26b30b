import { Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { z } from 'zod';
import type { Page } from '#records/store/query-page.ts';
import { listByDeadline, listThreads, type ListedThread, type ThreadFilter } from '#records/threads/thread-queries.ts';
import { effectiveState, ThreadKind } from '#records/threads/thread.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Head, Paging, Panel, Table } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { KindBadge, ThreadStateBadge } from '#console/view/records/thread-badges.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { playbookNames, type PlaybookName } from '#console/view/records/playbook-names.ts';
import { seededPeople } from '#console/view/records/seeded-people.ts';

const PAGE_SIZE = 25;
/** Of the 60 documents that a page may read, what its rows leave. */
const NAMES_BUDGET = 30;
const SOON_MS = 4 * 3_600_000;

const TABS = {
  waiting: 'Waiting',
  open: 'Open',
  decided: 'Decided',
  expired: 'Denied by default',
  closed: 'Closed',
  all: 'All',
} as const;
const TAB_NAMES = ['waiting', 'open', 'decided', 'expired', 'closed', 'all'] as const;

const Wish = z.object({
  state: z.enum(TAB_NAMES).catch('waiting'),
  kind: ThreadKind.optional().catch(undefined),
  assignee: z
    .string()
    .max(64)
    .transform((role) => (role === '' ? undefined : role))
    .optional()
    .catch(undefined),
  after: z.string().optional(),
});
type Wish = z.infer<typeof Wish>;

/** `/inbox`: what asks for a person. Reads at most 57 documents beside those of the frame. */
export function inboxPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const namesWithin = playbookNames(world.documents, world.clock);
  app.get('/inbox', async (c) => {
    const wish = Wish.parse(c.req.query());
    const now = world.clock.now();
    const [page, { roles }, playbooks] = await Promise.all([
      load(world, wish, now),
      seededPeople(world),
      namesWithin(NAMES_BUDGET),
    ]);
    const time = { now, timeZone: c.var.timeZone };
    return show(c, world, {
      title: 'Inbox',
      section: 'inbox',
      live: 'inbox',
      main: <Inbox wish={wish} page={page} roles={Object.keys(roles)} playbooks={playbooks} time={time} />,
    });
  });
  return app;
}

function load({ documents }: ConsoleWorld, wish: Wish, now: Date): Promise<Page<ListedThread>> {
  const { kind, assignee } = wish;
  const page = { limit: PAGE_SIZE, after: wish.after };
  if (wish.state === 'waiting') return listByDeadline(documents, { deadline: 'ahead', now, kind, assignee }, page);
  if (wish.state === 'expired') return listByDeadline(documents, { deadline: 'passed', now, kind, assignee }, page);
  return listThreads(documents, { state: storedStates(wish.state), kind, assignee }, page);
}

function storedStates(state: 'open' | 'decided' | 'closed' | 'all'): ThreadFilter['state'] {
  if (state === 'all') return undefined;
  return state === 'decided' ? ['approved', 'rejected'] : state;
}

const Inbox = ({
  wish,
  page,
  roles,
  playbooks,
  time,
}: {
  wish: Wish;
  page: Page<ListedThread>;
  roles: readonly string[];
  playbooks: readonly PlaybookName[];
  time: ReaderTime;
}) => (
  <>
    <Head title="Inbox">What asks for a person: approvals, incidents, reviews and notes of the playbooks.</Head>
    <Tabs
      label="States"
      tabs={TAB_NAMES.map((state) => ({
        name: TABS[state],
        href: addressOf({ ...wish, state, after: undefined }),
        current: state === wish.state,
      }))}
    />
    <Filters wish={wish} roles={roles} />
    <Panel
      title={TABS[wish.state]}
      aside={wish.state === 'waiting' ? 'the soonest deadline first' : 'the newest first'}
    >
      <Unreadable records={page.unreadable} />
      {page.items.length === 0 ? (
        <Nothing wish={wish} />
      ) : (
        <Table
          label={`Threads: ${TABS[wish.state]}`}
          columns={['Thread', wish.state === 'waiting' ? 'Deadline' : 'State', 'Assigned to', 'Playbook', 'Opened']}
          rows={page.items.map((thread) => rowOf(thread, { wish, playbooks, time }))}
        />
      )}
      <Paging nextHref={page.next === undefined ? undefined : addressOf({ ...wish, after: page.next })} />
    </Panel>
  </>
);

const Filters = ({ wish, roles }: { wish: Wish; roles: readonly string[] }) => (
  <form class="filters" method="get" action="/inbox" data-auto="">
    <input type="hidden" name="state" value={wish.state} />
    <label>
      Kind
      <select name="kind">
        <option value="">All kinds</option>
        {ThreadKind.options.map((kind) => (
          <option selected={kind === wish.kind}>{kind}</option>
        ))}
      </select>
    </label>
    <label>
      Assigned to
      <select name="assignee">
        <option value="">Everybody</option>
        {[...new Set([...roles, ...(wish.assignee === undefined ? [] : [wish.assignee])])].map((role) => (
          <option selected={role === wish.assignee}>{role}</option>
        ))}
      </select>
    </label>
    <button>Filter</button>
  </form>
);

const Nothing = ({ wish }: { wish: Wish }) => {
  if (wish.kind !== undefined || wish.assignee !== undefined) {
    return (
      <Empty>
        Nothing of this kind is here. <a href={hrefOf('/inbox', { state: wish.state })}>Remove the filters</a>
      </Empty>
    );
  }
  if (wish.state === 'waiting') {
    return (
      <Empty>
        <strong>Nothing waits for you.</strong> When a playbook asks for an approval, like a campaign before it goes to
        customers, it stands here until somebody decides or its deadline passes.
      </Empty>
    );
  }
  return <Empty>{EMPTY[wish.state]}</Empty>;
};

const EMPTY = {
  open: 'No thread is open. Incidents, reviews and notes that playbooks open stand here until somebody closes them.',
  decided: 'Nothing was decided yet. What somebody approves or rejects is listed here.',
  expired: 'Nothing was denied by default: whatever asked for a decision got one in time.',
  closed: 'Nothing was closed yet.',
  all: 'No playbook has opened a thread yet. The step create_thread opens one.',
} as const;

interface Around {
  readonly wish: Wish;
  readonly playbooks: readonly PlaybookName[];
  readonly time: ReaderTime;
}

function rowOf(thread: ListedThread, { wish, playbooks, time }: Around) {
  const playbookName =
    playbooks.find(({ id }) => id === thread.evidence.playbookId)?.name ?? thread.evidence.playbookId;
  const href = `/inbox/${encodeURIComponent(thread.id)}`;
  return {
    key: thread.id,
    href,
    cells: [
      <span class="thread-title">
        <KindBadge kind={thread.kind} />{' '}
        <a href={href}>
          <Text value={thread.title} max={140} />
        </a>
      </span>,
      <span>
        {wish.state === 'waiting' ? null : <ThreadStateBadge state={effectiveState(thread, time.now).state} />}{' '}
        <Standing thread={thread} time={time} />
      </span>,
      <Text value={thread.assignee} max={40} />,
      <a href={`/playbooks/${encodeURIComponent(thread.evidence.playbookId)}`}>
        <Text value={playbookName} max={40} />
      </a>,
      <Time at={thread.createdAt} {...time} />,
    ],
  };
}

/** What matters beside the state: until when, or who and when. */
const Standing = ({ thread, time }: { thread: ListedThread; time: ReaderTime }): Child => {
  const { state } = effectiveState(thread, time.now);
  const { deadlineAt, decision, closed } = thread;
  if (state === 'awaiting_approval' && deadlineAt !== null) {
    const isSoon = deadlineAt.getTime() - time.now.getTime() < SOON_MS;
    return (
      <span class={isSoon ? 'tone-warn' : undefined}>
        denied by default <Time at={deadlineAt} {...time} />
      </span>
    );
  }
  const made = decision ?? closed;
  const at = made?.at ?? (state === 'expired' ? deadlineAt : null);
  if (at === null) return null;
  return (
    <span class="muted small">
      {made === null ? null : (
        <>
          by <Text value={made.by} max={40} />,{' '}
        </>
      )}
      <Time at={at} {...time} />
    </span>
  );
};

function addressOf({ state, kind, assignee, after }: Wish): string {
  return hrefOf('/inbox', { state, kind, assignee, after });
}
