import { channels } from '#channels/index.ts';
import { DAY_MS } from '#core/duration.ts';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents, Write } from '#ports/documents/documents.ts';
import { INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { NOTIFICATIONS } from '#records/notifications/notifications.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { settingPath } from '#records/settings/settings.ts';
import { commentsOf } from '#records/threads/thread-comments.ts';
import { aModelCall } from '#testing/builders/an-execution.ts';
import type { ShownRecords } from './console-paths.ts';
import { doneStep, failedStep, storeExecution } from './store-execution.ts';
import { openTestThread } from './thread-of.ts';

/** How much there is. */
export interface Extent {
  readonly playbooks: number;
  /** Of all playbooks together, over the last 60 days. */
  readonly executions: number;
  readonly stepsEach: number;
  /** Characters of the output of each step. */
  readonly outputChars: number;
  /** Threads, and messages; half as many comments on one thread. */
  readonly threads: number;
  readonly versions: number;
}

const DAYS = 60;
const WRITES_AT_ONCE = 100;
const KINDS = ['incident', 'review', 'campaign', 'note'] as const;
const CHANNELS = channels.map(({ name }) => name);

/** Fills a database with the past of a busy team, until `now`; resolves to records that have much to show. */
export async function storeBusyRecords(documents: Documents, now: Date, extent: Extent): Promise<ShownRecords> {
  const playbookIds = await storePlaybooks(documents, now, extent);
  const executionIds = await storeExecutions(documents, now, playbookIds, extent);
  const [newest = ''] = executionIds;
  const threadIds = await storeThreads(documents, now, newest, extent);
  const notificationIds = await storeNotifications(documents, now, newest, extent);
  await storeIntegrations(documents, now);
  return { playbookIds: playbookIds.slice(0, 1), executionIds, threadIds, notificationIds };
}

async function storePlaybooks(documents: Documents, now: Date, extent: Extent): Promise<readonly string[]> {
  const ids = Array.from({ length: extent.playbooks }, (_, index) => `ops_busy_${String(index).padStart(3, '0')}`);
  const sourceOf = (id: string, version: number) => ({
    playbook: playbookOf(id, extent.stepsEach),
    version: `v${version}`,
    source: `# version ${version}\nid: ${id}\n${'steps: a line like those of a definition\n'.repeat(80)}`,
  });
  await applySeed(
    documents,
    ids.map((id) => sourceOf(id, 0)),
    new Date(now.getTime() - DAYS * DAY_MS),
  );
  for (let version = 1; version < extent.versions; version += 1) {
    await applySeed(documents, [sourceOf(ids[0] ?? '', version)], new Date(now.getTime() - DAY_MS + version));
  }
  return ids;
}

function playbookOf(id: string, steps: number): Playbook {
  return Playbook.parse({
    id,
    name: `Busy ${id}`,
    owner: 'leo',
    schedule: { cron: '0 * * * *', timeZone: 'America/New_York' },
    steps: Array.from({ length: steps }, (_, index) => ({
      id: `step_${index}`,
      type: 'tool_call',
      tool: 'crmGetStats',
    })),
    criteria: [{ id: 'measured', value: '1', ok: 'value > 0', alert: 'value < 0' }],
  });
}

async function storeExecutions(
  documents: Documents,
  now: Date,
  playbookIds: readonly string[],
  extent: Extent,
): Promise<readonly string[]> {
  const ids: string[] = [];
  const everyMs = (DAYS * DAY_MS) / extent.executions;
  for (let index = 0; index < extent.executions; index += 1) {
    // Every second one is of the first playbook.
    const playbookId = playbookIds[index % 2 === 0 ? 0 : index % playbookIds.length] ?? '';
    const startedAt = new Date(now.getTime() - Math.round(index * everyMs) - 1_000);
    const id = slotExecutionId(playbookId, startedAt);
    const header = { id, playbookId, playbookName: `Busy ${playbookId}`, version: 'v0', startedAt, slot: startedAt };
    const steps = stepsOf(extent, index % 20 === 1);
    if (index > 0 && index < 20) await storeExecution(documents, { ...header, status: 'running', steps });
    else if (index % 20 === 1)
      await storeExecution(documents, { ...header, status: 'failed', failure: FAILURE, steps });
    else await storeExecution(documents, { ...header, steps, criteria: [...CRITERIA], agents: ['linus'] });
    if (ids.length < 2) ids.push(id);
  }
  return ids;
}

const FAILURE = { code: 'unavailable', class: 'transient', message: 'The other side did not answer.' } as const;
const CRITERIA = [{ id: 'measured', value: 1, band: 'ok' }] as const;

function stepsOf({ stepsEach, outputChars }: Extent, fails: boolean): readonly StepRecord[] {
  const output = { text: 'What a tool has answered. '.repeat(outputChars).slice(0, outputChars) };
  const steps: StepRecord[] = Array.from({ length: stepsEach - 1 }, (_, order) =>
    doneStep(`step_${order}`, { order, afterMs: order * 100, output, input: { tool: 'crmGetStats' } }),
  );
  const last = { order: stepsEach - 1, afterMs: stepsEach * 100 };
  const path = `step_${last.order}`;
  if (fails) return [...steps, failedStep(path, FAILURE, { ...last, attempts: 3 })];
  const input = { agent: 'linus', task: 'Look.' };
  return [...steps, doneStep(path, { ...last, type: 'delegate', input, output, modelCalls: [aModelCall()] })];
}

async function storeThreads(
  documents: Documents,
  now: Date,
  executionId: string,
  { threads }: Extent,
): Promise<readonly string[]> {
  for (let index = 0; index < threads; index += 1) {
    const waits = index % 2 === 0;
    await openTestThread(documents, `busy-${index}`, {
      kind: waits ? 'campaign' : (KINDS[index % 4] ?? 'note'),
      evidence: { executionId, playbookId: 'ops_busy_000', stepPath: `step_${index}` },
      createdAt: new Date(now.getTime() - index * 60_000),
      deadlineAt: waits ? new Date(now.getTime() + (index - 4) * 3_600_000) : null,
      ...(waits ? { payload: { drafts: draftsOf(20) } } : {}),
    });
  }
  const comments = Array.from({ length: Math.ceil(threads / 2) }, (_, index): Write => {
    const at = new Date(now.getTime() - index * 1_000);
    const data = { by: 'ada@example.com', at, text: `Comment ${index}`, expireAt: new Date(now.getTime() + DAY_MS) };
    return { kind: 'create', path: `${commentsOf('busy-6')}/comment-${index}`, data };
  });
  await commitAll(documents, comments);
  return ['busy-6', 'busy-1'];
}

function draftsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    customerId: `customer-${index}`,
    to: `customer-${index}@example.com`,
    subject: 'We have not seen you for a while',
    text: 'A few lines that somebody reads before they go out. '.repeat(10),
  }));
}

async function storeNotifications(
  documents: Documents,
  now: Date,
  executionId: string,
  { threads }: Extent,
): Promise<readonly string[]> {
  const writes = Array.from({ length: threads }, (_, index): Write => {
    const channel = CHANNELS[index % CHANNELS.length] ?? 'email';
    const delivery = { channel, to: 'ada@example.com', status: 'caught', messageId: `m-${index}` };
    const data = {
      executionId,
      playbookId: 'ops_busy_000',
      stepPath: `step_${index}`,
      channel,
      priority: 'normal',
      subject: `Message ${index}`,
      body: 'A paragraph of a daily mail, with **figures**.\n\n'.repeat(40),
      deliveries: [delivery],
      status: 'caught',
      createdAt: new Date(now.getTime() - index * 60_000),
      expireAt: new Date(now.getTime() + DAY_MS),
    };
    return { kind: 'create', path: `${NOTIFICATIONS}/busy-${index}`, data };
  });
  await commitAll(documents, writes);
  return CHANNELS.map((_, index) => `busy-${index}`);
}

async function storeIntegrations(documents: Documents, now: Date): Promise<void> {
  const ids = Array.from({ length: 30 }, (_, index) => `integration_${index}`);
  const integrations = ids.map((id) => ({
    id,
    name: id,
    group: 'Busy',
    kind: 'external',
    url: 'https://example.com/',
  }));
  const figures = { up: 20, down: 1, degraded: 2, latencyMs: 2_000, measured: 20, worstMs: 300 };
  const days = Array.from({ length: 31 }, (_, index) => new Date(now.getTime() - index * DAY_MS).toISOString());
  const history = {
    lastCheckedAt: now,
    lastStatus: 'online',
    lastSuccessAt: now,
    lastLatencyMs: 100,
    consecutiveFailures: 0,
    hours: { [now.toISOString().slice(0, 13)]: figures },
    days: Object.fromEntries(days.map((day) => [day.slice(0, 10), figures])),
  };
  await documents.commit([
    { kind: 'set', path: settingPath('integrations'), data: { content: { integrations } } },
    {
      kind: 'set',
      path: INTEGRATION_HEALTH_PATH,
      data: { integrations: Object.fromEntries(ids.map((id) => [id, history])) },
    },
    { kind: 'set', path: settingPath('people'), data: { content: { roles: { operator: ['ada@example.com'] } } } },
  ]);
}

async function commitAll(documents: Documents, writes: readonly Write[]): Promise<void> {
  for (let index = 0; index < writes.length; index += WRITES_AT_ONCE) {
    await documents.commit(writes.slice(index, index + WRITES_AT_ONCE));
  }
}
