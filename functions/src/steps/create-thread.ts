import { z } from 'zod';
import { oneLine } from '#channels/one-line.ts';
import { DAY_MS, durationMs } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { JsonValue } from '#core/json.ts';
import { Duration } from '#language/playbook/field-schemas.ts';
import { writtenWords } from '#language/playbook/written-words.ts';
import { stripInvisible } from '#core/strip-invisible.ts';
import { DEFAULT_DEADLINE_MS, openThread } from '#records/threads/threads.ts';
import { ThreadKind } from '#records/threads/thread.ts';
import { addressesOf } from './delivery/recipients.ts';
import { recipientWords } from './outside-words.ts';
import { defineStep } from './definition/define-step.ts';

const MINUTE_MS = 60_000;

const fields = {
  kind: ThreadKind.describe('What it is about; a campaign always needs approval.'),
  assignee: z.string().min(1).max(64).describe('The role in people.yaml to assign it to.'),
  title: z.string().min(1).max(1_000),
  body: z.string().max(200_000).describe('Markdown.'),
  needsApproval: z.boolean().optional().describe('Whether it waits for a decision; false unless it is a campaign.'),
  deadline: Duration.refine(isSensibleDeadline, 'must be between 1m and 30d')
    .optional()
    .describe('How long it waits for a decision, from 1m to 30d, 7d by default; after that, it is denied by default.'),
  payload: JsonValue.optional().describe('What an approval applies to, as data: for example the drafts of a campaign.'),
};

const output = z.strictObject({ threadId: z.string() });

/** Opens a thread in the inbox: once per execution and step, even if repeated. */
export const createThread = defineStep({
  type: 'create_thread',
  summary: 'Opens a thread in the inbox, assigned to a role, optionally for approval.',
  fields,
  output,
  example: {
    id: 'incident',
    type: 'create_thread',
    kind: 'incident',
    assignee: 'operator',
    title: 'Integrations are offline',
    body: '${{ steps.investigate.output.report }}',
  },
  defaultTimeoutMs: 30_000,
  names: { role: 'assignee' },
  readAs: {
    input: [
      { as: 'facts', fields: { Kind: 'kind', Assignee: 'assignee' } },
      { as: 'message', title: 'title', body: 'body' },
    ],
  },
  outsideEffects(step, { roles }) {
    const read = Written.safeParse(step);
    if (!read.success) return ['A thread in the inbox'];
    const { kind, assignee, needsApproval = kind === 'campaign' } = read.data;
    const asks = needsApproval === false ? '' : ', waiting for approval';
    return [`A thread (${writtenWords(kind)}) in the inbox for ${recipientWords(assignee, roles)}${asks}`];
  },
  leftForPeople(input) {
    const opened = Opened.safeParse(input);
    if (!opened.success) return [];
    const { kind, assignee, title } = opened.data;
    return [{ what: `thread, ${kind === 'campaign' ? 'awaiting approval' : kind}`, to: assignee, title }];
  },
  effect(step) {
    refuseUnapprovedCampaign(step['kind'], step['needsApproval']);
    refuseIdleDeadline(
      step['deadline'],
      step['needsApproval'] ?? !fields.kind.exclude(['campaign']).safeParse(step['kind']).success,
    );
    return 'keyed';
  },
  async run({ kind, assignee, needsApproval = kind === 'campaign', deadline, payload, ...texts }, context, ports) {
    refuseUnapprovedCampaign(kind, needsApproval);
    refuseIdleDeadline(deadline, needsApproval);
    const { executionId, playbookId, stepPath, expireAt } = context;
    const threadId = `${executionId}_${stepPath}`;
    const createdAt = context.clock.now();
    const waitMs = deadline === undefined ? DEFAULT_DEADLINE_MS : durationMs(deadline);
    await openThread(ports.documents, threadId, {
      kind,
      assignee,
      assigneeAddresses: [...addressesOf([assignee], await ports.settings.people())],
      title: oneLine(stripInvisible(texts.title)) || '(no title)',
      body: stripInvisible(texts.body),
      ...(payload === undefined ? {} : { payload }),
      evidence: { executionId, playbookId, stepPath },
      deadlineAt: needsApproval ? new Date(createdAt.getTime() + waitMs) : null,
      createdAt,
      expireAt,
    });
    return { threadId };
  },
});

/** The fields as written: those with an expression are text. */
const Written = z.looseObject({
  kind: z.string(),
  assignee: z.string(),
  needsApproval: z.union([z.boolean(), z.string()]).optional(),
});
const Opened = z.looseObject({ kind: z.string(), assignee: z.string(), title: z.string() });

function refuseUnapprovedCampaign(kind: unknown, needsApproval: unknown): void {
  if (kind !== 'campaign' || needsApproval !== false) return;
  throw new PlaybookError(
    'input_invalid',
    'A campaign goes to customers, so a person must approve it; remove needsApproval, or set it to true.',
  );
}

function refuseIdleDeadline(deadline: unknown, needsApproval: unknown): void {
  if (deadline === undefined || needsApproval !== false) return;
  throw new PlaybookError(
    'input_invalid',
    'A deadline limits the wait for a decision, but this thread needs none; remove deadline, or set needsApproval to true.',
  );
}

/** After a month a request is forgotten, and within less than a minute it cannot be answered. Invalid durations have their own error. */
function isSensibleDeadline(deadline: string): boolean {
  if (!Duration.safeParse(deadline).success) return true;
  const waitMs = durationMs(deadline);
  return waitMs >= MINUTE_MS && waitMs <= 30 * DAY_MS;
}
