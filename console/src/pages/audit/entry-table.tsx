import type { AuditAction, AuditEntry } from '#records/audit/audit-entry.ts';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Table } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { auditHref } from './audit-wish.ts';

const ACTIONS: Readonly<Record<AuditAction, string>> = {
  thread_approved: 'approved',
  thread_rejected: 'rejected',
  thread_payload_modified: 'edited the content of',
  decision_undone: 'undid the decision on',
  thread_commented: 'commented on',
  thread_assigned: 'assigned',
  thread_closed: 'closed',
  thread_reopened: 'reopened',
  playbook_paused: 'paused',
  playbook_resumed: 'resumed',
  playbook_enabled: 'enabled',
  playbook_disabled: 'disabled',
  execution_requested: 'requested an execution of',
  execution_ended: 'ended an execution of',
  control_changed: 'paused or resumed all playbooks',
  role_granted: 'granted a role to',
  role_revoked: 'revoked the role of',
  signed_in: 'signed in',
  signed_out: 'signed out',
  sign_in_refused: 'was refused sign-in',
};

const PATHS = { thread: 'inbox', playbook: 'playbooks' } as const;

/** The entries as a table: what was done to what, by whom, when and why. */
export const EntryTable = ({ entries, time }: { entries: readonly AuditEntry[]; time: ReaderTime }) => (
  <Table
    label="Entries of the audit log"
    columns={['Action', 'Person', 'When', 'Reason']}
    rows={entries.map((entry) => ({ key: String(entry.sequence), cells: cellsOf(entry, time) }))}
  />
);

function cellsOf(entry: AuditEntry, time: ReaderTime) {
  return [
    <span>
      {ACTIONS[entry.action]} <Target target={entry.target} />
    </span>,
    <Person entry={entry} />,
    <Time at={entry.at} {...time} />,
    <Reason entry={entry} />,
  ];
}

const Target = ({ target: { kind, id, name } }: { target: AuditEntry['target'] }) => {
  if (kind === 'control') return null;
  const shown = <Text value={name ?? id} max={100} />;
  if (kind === 'person') return shown;
  const href = kind === 'execution' ? executionHref(id) : `/${PATHS[kind]}/${encodeURIComponent(id)}`;
  return <a href={href}>{shown}</a>;
};

const Person = ({ entry: { by, role } }: { entry: AuditEntry }) => (
  <span>
    <a href={auditHref({ by })}>
      <Text value={by} max={60} />
    </a>{' '}
    <span class="muted small">{role ?? 'no role'}</span>
  </span>
);

const Reason = ({ entry: { sequence, reason, details } }: { entry: AuditEntry }) => (
  <div class={reason === undefined ? 'row' : 'stack'}>
    {reason === undefined ? <span class="muted">–</span> : <span class="said">{visible(reason)}</span>}
    {details === undefined ? null : (
      <details id={`details-${sequence}`}>
        <summary class="muted small">Details</summary>
        <JsonView value={details} label={`Details of entry ${sequence}`} />
      </details>
    )}
  </div>
);
