import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Contradiction } from '#testing/builders/contradiction.ts';
import type { Refused, With } from '#testing/builders/refused-type.ts';
import { AuditEntry } from './audit/audit-entry.ts';
import { IntegrationHistory } from './health/integration-health.ts';
import { Notification } from './notifications/notifications.ts';
import { Control } from './settings/control.ts';
import { Thread, type ThreadIn } from './threads/thread.ts';

const AT = new Date('2026-11-20T14:00:00.000Z');
const later = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000);

const decision = { by: 'leo', at: AT, finalAt: later(1), payloadSha256: 'x', comment: 'Because.' };
const rejection = { ...decision, verdict: 'rejected' };
const open = {
  kind: 'note',
  assignee: 'operator',
  assigneeAddresses: [],
  title: 'Title',
  body: 'Body',
  payloadSha256: 'x',
  needsApproval: false,
  state: 'open',
  evidence: { executionId: 'e', playbookId: 'p', stepPath: 's' },
  executionId: 'e',
  playbookId: 'p',
  deadlineAt: null,
  decision: null,
  revisions: [],
  closed: null,
  createdAt: AT,
  updatedAt: AT,
  expireAt: later(1_000),
};
const awaiting = { ...open, state: 'awaiting_approval', needsApproval: true, deadlineAt: later(60) };
const approved = { ...awaiting, state: 'approved', decision: { ...decision, verdict: 'approved' } };
const rejected = { ...awaiting, state: 'rejected', decision: rejection };
const isClosed = { by: 'leo', at: later(90), reason: 'Done.' };
const closed = { ...open, state: 'closed', closed: isClosed };

const sent = { channel: 'email', to: 'a', status: 'sent', messageId: 'm' };
const lost = {
  channel: 'email',
  to: 'b',
  status: 'failed',
  messageId: null,
  retryable: true,
  reason: 'No.',
  ambiguous: true,
};
const message = {
  executionId: 'e',
  playbookId: 'p',
  stepPath: 's',
  channel: 'email',
  priority: 'high',
  subject: 's',
  body: 'b',
  deliveries: [sent],
  status: 'sent',
  createdAt: AT,
  expireAt: AT,
};

const said = { reason: 'New disks.', by: 'leo' };
const online = { lastCheckedAt: AT, lastStatus: 'online', lastSuccessAt: AT, lastLatencyMs: 1, consecutiveFailures: 0 };
const entry = {
  at: AT,
  by: 'leo',
  role: 'admin',
  action: 'signed_in',
  target: { kind: 'person', id: 'leo' },
  nonce: 'n',
  sequence: 2,
  previousSha256: 'before',
  sha256: 'after',
};

/** Consistent records, so that each refusal below is caused by the change. */
const SOUND: readonly (readonly [schema: z.ZodType, record: unknown])[] = [
  ...[open, awaiting, approved, rejected, closed].map((record) => [Thread, record] as const),
  [Thread, { ...awaiting, state: 'closed', closed: isClosed }],
  [Notification, message],
  [Notification, { ...message, status: 'partial', deliveries: [sent, lost] }],
  [Control, { mode: 'run', until: null, ...said }],
  [Control, { mode: 'halt', until: AT, ...said }],
  [IntegrationHistory, online],
  [AuditEntry, entry],
];

type Asking = ThreadIn<'approved' | 'rejected'>;
const THREADS: Readonly<Record<string, Contradiction>> = {
  'an approved thread without a decision': {
    schema: Thread,
    record: { ...approved, decision: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'approved'>, { decision: null }>>,
  },
  'a waiting thread that needs no approval': {
    schema: Thread,
    record: { ...awaiting, needsApproval: false, deadlineAt: null },
    proof: true satisfies Refused<
      Thread,
      With<ThreadIn<'awaiting_approval'>, { needsApproval: false; deadlineAt: null }>
    >,
  },
  'a waiting thread without a deadline': {
    schema: Thread,
    record: { ...awaiting, deadlineAt: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'awaiting_approval'>, { deadlineAt: null }>>,
  },
  'a rejected thread with an approval': {
    schema: Thread,
    record: { ...rejected, decision: approved.decision },
    proof: true satisfies Refused<Thread, With<ThreadIn<'rejected'>, Pick<ThreadIn<'approved'>, 'decision'>>>,
  },
  'a thread that is decided and closed': {
    schema: Thread,
    record: { ...rejected, closed: isClosed },
    proof: true satisfies Refused<Thread, With<Asking, Pick<ThreadIn<'closed'>, 'closed'>>>,
  },
  'a closed thread without its closing': {
    schema: Thread,
    record: { ...closed, closed: null },
    proof: true satisfies Refused<Thread, With<ThreadIn<'closed'>, { closed: null }>>,
  },
  'an open thread with a decision': {
    schema: Thread,
    record: { ...open, decision: rejection },
    proof: true satisfies Refused<Thread, With<ThreadIn<'open'>, Pick<ThreadIn<'rejected'>, 'decision'>>>,
  },
  'a thread that needs no approval but has a deadline': {
    schema: Thread,
    record: { ...open, deadlineAt: later(60) },
    proof: true satisfies Refused<Thread, With<ThreadIn<'open'>, { deadlineAt: Date }>>,
  },
  'a thread whose execution differs from its evidence': {
    schema: Thread,
    record: { ...open, executionId: 'f' },
    proof: 'schema',
  },
  'a thread whose playbook differs from its evidence': {
    schema: Thread,
    record: { ...open, playbookId: 'q' },
    proof: 'schema',
  },
  'a decision after the deadline': {
    schema: Thread,
    record: { ...approved, deadlineAt: AT },
    proof: 'schema',
  },
  'a rejection with an empty comment': {
    schema: Thread,
    record: { ...rejected, decision: { ...rejection, comment: '' } },
    proof: 'schema',
  },
  'a thread that was closed while it could still be decided': {
    schema: Thread,
    record: { ...awaiting, state: 'closed', closed: { ...isClosed, at: later(30) } },
    proof: 'schema',
  },
};

const OTHERS: Readonly<Record<string, Contradiction>> = {
  'the mode run with an end': {
    schema: Control,
    record: { mode: 'run', until: AT, ...said },
    proof: true satisfies Refused<Control, { mode: 'run'; until: Date; reason: string; by: string }>,
  },
  'a sent message with a failed delivery': {
    schema: Notification,
    record: { ...message, deliveries: [lost] },
    proof: true satisfies Refused<
      Notification,
      With<Extract<Notification, { status: 'sent' }>, Pick<Extract<Notification, { status: 'failed' }>, 'deliveries'>>
    >,
  },
  'a caught message whose deliveries were all sent': {
    schema: Notification,
    record: { ...message, status: 'caught' },
    proof: 'schema',
  },
  'a message whose channel differs from its delivery': {
    schema: Notification,
    record: { ...message, channel: 'slack' },
    proof: 'schema',
  },
  'an integration that is up but has failed since': {
    schema: IntegrationHistory,
    record: { ...online, consecutiveFailures: 3 },
    proof: true satisfies Refused<
      IntegrationHistory,
      With<Extract<IntegrationHistory, { lastStatus: 'online' | 'degraded' }>, { consecutiveFailures: 3 }>
    >,
  },
  'an integration that is up but has no last success': {
    schema: IntegrationHistory,
    record: { ...online, lastSuccessAt: null },
    proof: true satisfies Refused<
      IntegrationHistory,
      With<Extract<IntegrationHistory, { lastStatus: 'online' | 'degraded' }>, { lastSuccessAt: null }>
    >,
  },
  'an integration that is down but has no failure': {
    schema: IntegrationHistory,
    record: { ...online, lastStatus: 'offline' },
    proof: 'schema',
  },
  'a second audit entry without a previous one': {
    schema: AuditEntry,
    record: { ...entry, previousSha256: null },
    proof: 'schema',
  },
};

/** The valid counterparts, because a `Refused` that refuses everything would also pass. */
const ACCEPTED = [
  false satisfies Refused<Thread, With<ThreadIn<'awaiting_approval'>, { decision: null }>>,
  false satisfies Refused<Control, { mode: 'run'; until: null; reason: string; by: string }>,
];

describe('a record', () => {
  test('that is consistent is read', () => {
    for (const [schema, record] of SOUND) expect(schema.safeParse(record).error?.issues ?? []).toEqual([]);
    expect(ACCEPTED).not.toContain(true);
  });

  test.each(Object.entries({ ...THREADS, ...OTHERS }))(
    'that contradicts itself is refused: %s',
    (_, { schema, record }) => {
      expect(schema.safeParse(record).success).toBe(false);
    },
  );
});
