import { cut } from '#core/cut.ts';
import { Hono } from 'hono';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { verifyChain, type ChainVerdict } from '#records/audit/audit-chain.ts';
import { AuditAction, type AuditEntry } from '#records/audit/audit-entry.ts';
import { AUDIT_HEAD_PATH, listAuditEntries, loadHead } from '#records/audit/audit-log.ts';
import type { Page } from '#records/store/query-page.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { show } from '#console/view/frame/frame.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Empty, Head, Paging, Panel, Table } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Unreadable } from '#console/view/frame/unreadable.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { executionHref } from '#console/view/records/execution-href.ts';

const PAGE_SIZE = 25;
/** Firestore compares with less than 1,500 bytes, and a character takes three of them at most. */
const MAX_WORD_CHARS = 450;
/** With the rows of the page, no more than the 60 documents that a page may read. */
const VERIFIED = 24;

const ACTIONS: Readonly<Record<AuditAction, string>> = {
  thread_approved: 'approved',
  thread_rejected: 'rejected',
  thread_payload_modified: 'changed the content of',
  decision_undone: 'took back the decision on',
  thread_commented: 'commented on',
  thread_assigned: 'assigned',
  thread_closed: 'closed',
  thread_reopened: 'opened again',
  playbook_paused: 'paused',
  playbook_resumed: 'resumed',
  playbook_enabled: 'enabled',
  playbook_disabled: 'disabled',
  execution_requested: 'asked for an execution of',
  execution_ended: 'ended an execution of',
  control_changed: 'changed for all playbooks',
  role_granted: 'gave a role to',
  role_revoked: 'took the role from',
  signed_in: 'signed in',
  signed_out: 'signed out',
  sign_in_refused: 'was refused at sign-in',
};

const OptionalWord = z
  .string()
  .transform((word) => (word.trim() === '' ? undefined : word.trim().slice(0, MAX_WORD_CHARS)))
  .optional();
const Wish = z.object({
  action: AuditAction.optional().catch(undefined),
  by: OptionalWord,
  target: OptionalWord,
  after: z.string().optional(),
});
type Wish = z.infer<typeof Wish>;

/** `/audit`: what people did, and whether the log is whole. Reads at most 54 documents beside those of the frame. */
export function auditPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/audit', async (c) => {
    const wish = Wish.parse(c.req.query());
    const { action, by, target, after } = wish;
    const [page, verdict] = await Promise.all([
      listAuditEntries(world.documents, { action, by, targetId: target }, { limit: PAGE_SIZE, after }),
      verifyNewest(world),
    ]);
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    return show(c, world, {
      title: 'Audit log',
      section: 'audit',
      live: 'audit',
      main: <AuditLog wish={wish} page={page} verdict={verdict} time={time} />,
    });
  });
  return app;
}

/** One more than the newest is looked for: what stands behind the head of the log was not written by the console. */
async function verifyNewest({ documents }: ConsoleWorld): Promise<ChainVerdict> {
  try {
    const { sequence } = await loadHead(documents);
    return await verifyChain(documents, { from: Math.max(1, sequence - VERIFIED + 1), limit: VERIFIED + 1 });
  } catch (thrown) {
    // A head that cannot be read is damage, too; it must not hide the entries.
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'internal') throw thrown;
    return { ok: false, brokenAt: AUDIT_HEAD_PATH, why: thrown.message };
  }
}

const AuditLog = ({
  wish,
  page,
  verdict,
  time,
}: {
  wish: Wish;
  page: Page<AuditEntry>;
  verdict: ChainVerdict;
  time: ReaderTime;
}) => (
  <>
    <Head title="Audit log">Who did what, when and why. Entries are added and never changed.</Head>
    <Chain verdict={verdict} />
    <Filters wish={wish} />
    <Panel title="Entries" aside="the newest first">
      <Unreadable records={page.unreadable} />
      {page.items.length === 0 ? (
        <Nothing wish={wish} />
      ) : (
        <Table
          label="Entries of the audit log"
          columns={['What', 'Who', 'When', 'Why, and details']}
          rows={page.items.map((entry) => rowOf(entry, time))}
        />
      )}
      <Paging nextHref={page.next === undefined ? undefined : hrefOf('/audit', { ...wish, after: page.next })} />
    </Panel>
  </>
);

const Chain = ({ verdict }: { verdict: ChainVerdict }) => {
  if (verdict.ok) {
    return verdict.entries === 0 ? null : (
      <p class="muted">
        <span class="tone-ok" aria-hidden="true">
          ✓
        </span>{' '}
        The chain of the newest {plural(verdict.entries, 'entry', 'entries')} is whole. All of it is checked by{' '}
        <code>npm run playbook -- audit --verify</code>
      </p>
    );
  }
  return (
    <p class="problem" role="alert">
      <strong>The audit log was tampered with, or is damaged,</strong> at the entry <code>{verdict.brokenAt}</code>:{' '}
      {visible(cut(verdict.why, 500))} Find out who may write to the database beside the console.
    </p>
  );
};

const Filters = ({ wish }: { wish: Wish }) => (
  <form class="filters" method="get" action="/audit" data-auto="">
    <label>
      What
      <select name="action">
        <option value="">Everything</option>
        {AuditAction.options.map((action) => (
          <option value={action} selected={action === wish.action}>
            {action.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
    <label class="search">
      Who
      <input type="search" name="by" value={wish.by} placeholder="ada@example.com" autocomplete="off" />
    </label>
    {wish.target === undefined ? null : <input type="hidden" name="target" value={wish.target} />}
    <button>Filter</button>
    {wish.target === undefined ? null : (
      <a class="button" href={hrefOf('/audit', { ...wish, target: undefined, after: undefined })}>
        Only <Text value={wish.target} max={40} /> ✕
      </a>
    )}
  </form>
);

const Nothing = ({ wish }: { wish: Wish }) =>
  Object.values({ ...wish, after: undefined }).some((filter) => filter !== undefined) ? (
    <Empty>
      No entry fits. <a href="/audit">Remove the filters</a>
    </Empty>
  ) : (
    <Empty>Nothing has been done yet. Every decision, pause, manual start and sign-in is recorded here.</Empty>
  );

function rowOf(entry: AuditEntry, time: ReaderTime) {
  const { sequence, action, by, role, at, reason, details } = entry;
  return {
    key: String(sequence),
    cells: [
      <span>
        {ACTIONS[action]} <Target entry={entry} />
      </span>,
      <span>
        <a href={hrefOf('/audit', { by })}>
          <Text value={by} max={60} />
        </a>{' '}
        <span class="muted small">{role ?? 'no role'}</span>
      </span>,
      <Time at={at} {...time} />,
      <div class="stack">
        {reason === undefined ? null : <span class="said">{visible(reason)}</span>}
        {details === undefined ? null : (
          <details id={`details-${sequence}`}>
            <summary class="muted small">Details</summary>
            <JsonView value={details} label={`Details of entry ${sequence}`} />
          </details>
        )}
      </div>,
    ],
  };
}

const Target = ({ entry: { target } }: { entry: AuditEntry }) => {
  const { kind, id, name } = target;
  if (kind === 'control') return null;
  const shown = <Text value={name ?? id} max={100} />;
  if (kind === 'person') return shown;
  const href = kind === 'execution' ? executionHref(id) : `/${PATHS[kind]}/${encodeURIComponent(id)}`;
  return <a href={href}>{shown}</a>;
};

const PATHS = { thread: 'inbox', playbook: 'playbooks' } as const;
