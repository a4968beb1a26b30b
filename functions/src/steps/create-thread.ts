import { z } from 'zod';
import { stripInvisible } from '../agents/clean-text.ts';
import { oneLine } from '../channels/cut-text.ts';
import { PlaybookError } from '../engine/failure.ts';
import { JsonValue } from '../engine/json.ts';
import { jsonDigest } from '../engine/json-digest.ts';
import { openThread, Thread } from '../records/threads.ts';
import { readFields } from './read-fields.ts';
import { addressesOf } from './recipients.ts';
import type { StepDefinition } from './step-definition.ts';

const fields = {
  kind: Thread.shape.kind.describe('What it is about; a campaign always needs approval.'),
  assignee: z.string().min(1).max(64).describe('The role of people.yaml that it is assigned to.'),
  title: z.string().min(1).max(1_000),
  body: z.string().max(200_000).describe('Markdown.'),
  needsApproval: z.boolean().optional().describe('Whether it waits for a decision; false unless it is a campaign.'),
  payload: JsonValue.optional().describe('What an approval is about, as data: the drafts of a campaign.'),
};

const output = z.strictObject({ threadId: z.string() });

/** Opens a thread in the inbox: once per execution and step, whatever is repeated. */
export const createThread: StepDefinition = {
  kind: 'action',
  type: 'create_thread',
  summary: 'Opens a thread in the inbox, assigned to a person, who may have to approve it.',
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
  effect(step) {
    refuseUnapprovedCampaign(step['kind'], step['needsApproval']);
    return 'keyed';
  },
  async run(input, context, ports): Promise<z.input<typeof output>> {
    const { kind, assignee, needsApproval = kind === 'campaign', payload, ...texts } = readFields(fields, input);
    const title = oneLine(stripInvisible(texts.title)) || '(no title)';
    const body = stripInvisible(texts.body);
    refuseUnapprovedCampaign(kind, needsApproval);
    const { executionId, playbookId, stepPath, expireAt } = context;
    const threadId = `${executionId}_${stepPath}`;
    await openThread(ports.documents, threadId, {
      kind,
      assignee,
      assigneeAddresses: [...addressesOf([assignee], await ports.settings.people())],
      title,
      body,
      ...(payload === undefined ? {} : { payload }),
      payloadSha256: jsonDigest({ title, body, payload: payload ?? null }),
      needsApproval,
      state: needsApproval ? 'awaiting_approval' : 'open',
      evidence: { executionId, playbookId, stepPath },
      createdAt: context.clock.now(),
      expireAt,
    });
    return { threadId };
  },
};

function refuseUnapprovedCampaign(kind: unknown, needsApproval: unknown): void {
  if (kind !== 'campaign' || needsApproval !== false) return;
  throw new PlaybookError(
    'input_invalid',
    'A campaign goes to customers, so a person has to approve it; remove needsApproval, or set it to true.',
  );
}
