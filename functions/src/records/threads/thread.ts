import { z } from 'zod';
import { JsonValue } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';

/** What a thread may be about. */
export const ThreadKind = z.enum(['incident', 'review', 'campaign', 'note']);
export type ThreadKind = z.infer<typeof ThreadKind>;

const decisionFields = {
  by: z.string(),
  at: z.date(),
  finalAt: z.date(),
  payloadSha256: z.string(),
  comment: z.string(),
};
const Approval = z.object({ verdict: z.literal('approved'), ...decisionFields });
const Rejection = z.object({ verdict: z.literal('rejected'), ...decisionFields });

/** A person's decision on a thread, final once `finalAt` has passed. It applies to the content with that hash. */
export const Decision = z.discriminatedUnion('verdict', [Approval, Rejection]);
export type Decision = z.infer<typeof Decision>;

/** The content of a thread before a person changed it: only the changed fields. A null payload means there was none. */
export const ThreadRevision = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  payload: JsonValue.optional(),
  /** The hash of the complete content before the change. */
  payloadSha256: z.string(),
  /** The author and time of the change. */
  by: z.string(),
  at: z.date(),
});
export type ThreadRevision = z.infer<typeof ThreadRevision>;

/** The step that opened a thread. */
export const Evidence = z.object({ executionId: z.string(), playbookId: z.string(), stepPath: z.string() });

const headFields = {
  kind: ThreadKind,
  /** A role; `assigneeAddresses` are its people at the time the thread was opened. */
  assignee: z.string(),
  assigneeAddresses: z.array(z.string()),
  title: z.string(),
  /** The hash of title, body and payload: a decision applies to exactly these. */
  payloadSha256: z.string(),
  evidence: Evidence,
  /** The same as in the evidence, in a field that the database can query. */
  executionId: z.string(),
  playbookId: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
  expireAt: z.date(),
};
/** A thread that needs approval can be decided until its deadline. */
const asking = { ...headFields, needsApproval: z.literal(true), deadlineAt: z.date() };
const telling = { ...headFields, needsApproval: z.literal(false), deadlineAt: z.null() };
const undecided = { decision: z.null() };
const unclosed = { closed: z.null() };
const closed = {
  ...undecided,
  state: z.literal('closed'),
  closed: z.object({ by: z.string(), at: z.date(), reason: z.string() }),
};

const awaitingState = { ...asking, ...undecided, ...unclosed, state: z.literal('awaiting_approval') };
const openState = { ...telling, ...undecided, ...unclosed, state: z.literal('open') };
const approvedState = { ...asking, ...unclosed, state: z.literal('approved'), decision: Approval };
const rejectedState = { ...asking, ...unclosed, state: z.literal('rejected'), decision: Rejection };

const Head = z
  .discriminatedUnion('state', [
    z.object(openState),
    z.object(awaitingState),
    z.object(approvedState),
    z.object(rejectedState),
    z.discriminatedUnion('needsApproval', [z.object({ ...telling, ...closed }), z.object({ ...asking, ...closed })]),
  ])
  .superRefine((thread, context) => {
    for (const message of contradictionsIn(thread)) context.addIssue({ code: 'custom', message });
  });

/** A thread as lists show it: everything but its content. The state determines the other fields. */
export const ThreadSummary = Head.transform((head) => {
  const { executionId: _, playbookId: __, ...thread } = head;
  return thread;
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

const Content = z.object({
  /** Markdown. */
  body: z.string(),
  /** What an approval applies to, as data. */
  payload: JsonValue.optional(),
  /** The oldest first. */
  revisions: z.array(ThreadRevision),
});

/** An item of the inbox: `playbook_threads/{executionId}_{stepPath}`. */
export const Thread = z.intersection(ThreadSummary, Content);
export type Thread = z.infer<typeof Thread>;

/** The states of a thread. */
export type ThreadState = Thread['state'];
/** A thread of one of these states. */
export type ThreadIn<State extends ThreadState> = Extract<Thread, { state: State }>;

/** The fields of the documents that a list reads. */
export const SUMMARY_FIELDS = ['format', ...Object.keys(awaitingState)];

/** The state of a thread at a moment. `expired`: denied by default, because it was not decided in time. */
export interface EffectiveState {
  readonly state: ThreadState | 'expired';
  /** The decision can no longer be undone. */
  readonly final: boolean;
}

/** The hash that decisions are bound to. */
export function contentSha256({ title, body, payload }: Pick<Thread, 'title' | 'body' | 'payload'>): string {
  return jsonDigest({ title, body, payload: payload ?? null });
}

/** The state of a thread at `now`. */
export function effectiveState(
  { state, deadlineAt, decision }: Pick<Thread, 'state' | 'deadlineAt' | 'decision'>,
  now: Date,
): EffectiveState {
  if (state === 'awaiting_approval' && deadlineAt !== null && deadlineAt <= now)
    return { state: 'expired', final: true };
  return { state, final: decision !== null && decision.finalAt <= now };
}

interface Told extends Pick<ThreadSummary, 'evidence' | 'deadlineAt' | 'decision' | 'closed'> {
  readonly executionId: string;
  readonly playbookId: string;
}

/** The contradictions between fields of a thread, in sentences. */
function contradictionsIn({ evidence, executionId, playbookId, deadlineAt, decision, closed }: Told): string[] {
  const rules: readonly (readonly [isBroken: boolean, message: string])[] = [
    [executionId !== evidence.executionId, `it belongs to ${executionId}, but its evidence to ${evidence.executionId}`],
    [playbookId !== evidence.playbookId, `it belongs to ${playbookId}, but its evidence to ${evidence.playbookId}`],
    [decision !== null && deadlineAt !== null && decision.at >= deadlineAt, 'it was decided after its deadline'],
    [decision !== null && decision.finalAt < decision.at, 'its decision was final before it was made'],
    [decision?.verdict === 'rejected' && decision.comment.trim() === '', 'it was rejected without a comment'],
    [closed !== null && deadlineAt !== null && closed.at < deadlineAt, 'it was closed while it could still be decided'],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}
