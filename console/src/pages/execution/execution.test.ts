import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import type { Failure } from '#core/failure.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { executionStore } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import { doneStep, failedStep, storeExecution } from '#console/testing/store-execution.ts';
import { openTestThread } from '#console/testing/thread-of.ts';

const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'\u202e';
const START = new Date('2026-11-20T13:00:00.000Z');
const FAILURE: Failure = {
  code: 'unauthenticated',
  class: 'needs_person',
  message: 'The key of Payments was refused.',
  details: { status: 401 },
};
const CALL: ModelCall = {
  model: 'claude-large',
  startedAt: START,
  durationMs: 4_200,
  stopReason: 'end_turn',
  inputTokens: 5_000,
  outputTokens: 321,
  cacheReadTokens: 1_234,
  cacheWriteTokens: 0,
  costUsd: 0.0123,
  pricesAsOf: '2026-11-01',
  requestId: 'r1',
};

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

async function textOf(path: string, status = 200): Promise<string> {
  const response = await console.get(path);
  expect(response.status).toBe(status);
  return response.text();
}

async function seed(version: string, source: string): Promise<void> {
  const playbook = Playbook.parse({
    id: 'ops_test',
    name: 'Test',
    steps: [{ id: 'pay', name: 'Ask the payments', type: 'tool_call', tool: 'x' }],
    criteria: [{ id: 'latency', value: '1', ok: 'value < 500', alert: 'value > 2000' }],
  });
  await applySeed(documents, [{ playbook, version, source }], START);
}

describe('the page of an execution', () => {
  test('says first why it failed and what to do, opens the failed step and its last attempt', async () => {
    await seed('v1', 'id: ops_test\n');
    const steps = [failedStep('pay', FAILURE, { attempts: 3, input: { tool: 'ping', with: {} } })];
    await storeExecution(documents, { id: 'one', status: 'failed', failure: FAILURE, failedStep: 'pay', steps });
    const html = await textOf('/executions/one');
    expect(html).toContain('The key of Payments was refused.');
    expect(html).toContain('Renew the secret');
    expect(html).toContain('aria-label="Step Ask the payments"');
    expect(html).toMatch(/aria-current="page">3 ✕ failed</);
    expect(html).toMatch(/500 ms<[^·]*· 3 attempts</);
    expect(html.match(/<rect class="fill-alert"/g)).toHaveLength(3);
    expect(html).not.toContain('data-live');
  });

  test('opens the step and the attempt that the address asks for', async () => {
    const steps = [doneStep('a', { output: { only: 'a' } }), failedStep('b.c', FAILURE, { order: 1, attempts: 2 })];
    await storeExecution(documents, { id: 'one', steps });
    expect(await textOf('/executions/one?step=a')).toContain('&quot;only&quot;: &quot;a&quot;');
    expect(await textOf('/executions/one?step=b.c&attempt=1')).toMatch(/aria-current="page">1 ✕ failed</);
    expect(await textOf('/executions/one?step=none&attempt=x')).toContain('aria-label="Step c"');
  });

  test('shows what an agent was asked, its calls, their cost, and its report as text', async () => {
    const toolCalls = [
      { tool: 'searchLogs', input: { q: 'x' }, status: 'failed' as const, output: 'No answer.', durationMs: 5 },
    ];
    const full = doneStep('look', {
      type: 'delegate',
      input: { agent: 'linus', task: 'Find out\nwhy.', with: { rows: 3 } },
      output: { report: '## Seen\n\nThe **key** was revoked.', model: 'claude-large' },
      modelCalls: [CALL],
      toolCalls,
    });
    await storeExecution(documents, { id: 'one', steps: [full] });
    const html = await textOf('/executions/one');
    for (const shown of ['Find out\nwhy.', '1,234', '$0.012', 'end_turn', 'searchLogs', 'No answer.']) {
      expect(html).toContain(shown);
    }
    expect(html).toMatch(/<h[3-6]>Seen</);
    expect(html).toContain('<strong>key</strong>');
    expect(html).toContain('Output as JSON');
  });

  test('follows an execution that runs, with bars that grow and what has not begun yet', async () => {
    await seed('v1', 'id: ops_test\n');
    await storeExecution(documents, { id: 'one', status: 'running', startedAt: new Date(START.getTime() + 3_590_000) });
    const html = await textOf('/executions/one');
    expect(html).toContain('data-live="execution/one"');
    expect(html).toContain('not started');
    expect(html).toContain('still running');
  });

  test('says why a slot was skipped', async () => {
    await storeExecution(documents, {
      id: 'one',
      status: 'skipped',
      reason: 'paused',
      explanation: 'Paused by Ann: moving.',
    });
    const html = await textOf('/executions/one');
    expect(html).toContain('the playbook is paused');
    expect(html).toContain('Paused by Ann: moving.');
    expect(html).not.toContain('id="difference"');
  });

  test('compares with the last good one: criteria, durations, definition', async () => {
    await seed('v1', 'id: ops_test\nlimit: 100\n');
    await storeExecution(documents, { id: 'good', steps: [doneStep('pay')], startedAt: new Date(START.getTime() - 1) });
    await seed('v2', 'id: ops_test\nlimit: 200\n');
    await storeExecution(documents, {
      id: 'one',
      version: 'v2',
      steps: [doneStep('pay', { tookMs: 9_000 })],
      criteria: [{ id: 'latency', value: 1_234.5, band: 'warn', unit: 'ms' }],
    });
    const html = await textOf('/executions/one');
    expect(html).toContain('<code>value &lt; 500</code>');
    expect(html).toContain('1,235 ms');
    expect(html).toContain('+ limit: 200');
    expect(html).toContain('− limit: 100');
    expect(html).toContain('href="/executions/good?step=pay#step"');
    expect(await textOf('/executions/good')).toContain('Nothing to compare with');
  });

  test('leads to what it told people and left for them', async () => {
    await storeExecution(documents, { id: 'one' });
    await openTestThread(documents, 'one_open', {
      title: 'Look at this',
      evidence: { executionId: 'one', playbookId: 'p', stepPath: 's' },
    });
    const html = await textOf('/executions/one');
    expect(html).toContain('href="/inbox/one_open"');
  });

  test.each(['nope', 'a%2Fb', '__x__', '%00', 'x'.repeat(2_000)])('of %j does not exist, and says so', async (id) => {
    const html = await textOf(`/executions/${id}`, 404);
    expect(html).toContain('Back to Executions');
  });
});

describe('hostile and large records', () => {
  test('are shown inert, hidden characters by their number, and nothing of them is lost in addresses', async () => {
    const path = `${HOSTILE} a.b?c&d#e`;
    const step = doneStep(path, {
      type: HOSTILE,
      input: { [HOSTILE]: HOSTILE },
      output: { markdown: HOSTILE, title: HOSTILE },
    });
    await storeExecution(documents, {
      id: 'one',
      playbookName: HOSTILE + 'n'.repeat(10_000),
      status: 'failed',
      failure: { ...FAILURE, message: HOSTILE.repeat(2_000), details: { [HOSTILE]: HOSTILE } },
      labels: { [HOSTILE]: HOSTILE },
      inputs: { [HOSTILE]: HOSTILE },
      onlyTo: HOSTILE,
      criteria: [{ id: HOSTILE, name: HOSTILE, value: HOSTILE, band: 'unknown', unit: HOSTILE, reason: HOSTILE }],
      steps: [step],
    });
    for (const where of ['', `?step=${encodeURIComponent(path)}`]) {
      const html = (await textOf(`/executions/one${where}`)).replaceAll(/ (id|name)="[^"]*"/g, '');
      expect(html).not.toMatch(/<script>alert|<img/);
      expect(html).not.toContain('\u202e');
      expect(html).toContain('\\u202e');
    }
    const whole = await console.get(`/executions/one/steps/${encodeURIComponent(path)}/output`);
    expect(await whole.json()).toEqual({ markdown: HOSTILE, title: HOSTILE });
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
  });

  test('of 200 steps with 20 attempts make a page below 400 kB, of at most 60 documents', async () => {
    const steps = Array.from({ length: 200 }, (_, order) =>
      failedStep(`step_${order}`, FAILURE, {
        order,
        attempts: 20,
        afterMs: order,
        tookMs: 1,
        input: { n: 'x'.repeat(10) },
      }),
    );
    await storeExecution(documents, { id: 'good', startedAt: new Date(START.getTime() - 1) });
    await storeExecution(documents, { id: 'one', version: 'v9', status: 'failed', failure: FAILURE, steps });
    for (let index = 0; index < 70; index += 1) {
      await openTestThread(documents, `t_${index}`, {
        evidence: { executionId: 'one', playbookId: 'p', stepPath: 's' },
      });
    }
    for (let index = 0; index < 70; index += 1) {
      const data = { executionId: 'one', createdAt: START };
      await documents.commit([{ kind: 'create', path: `playbook_notifications/n_${index}`, data }]);
    }
    documents.reset();
    const html = await textOf('/executions/one');
    expect(html).toContain('Only the newest are shown.');
    expect(html.length).toBeLessThan(400_000);
    expect(html).toContain('aria-label="Attempts of this step"');
    expect(documents.counts().reads).toBeLessThanOrEqual(60);
  });

  test('whose output lies beside them show its beginning, and give the whole as a file', async () => {
    const output = { rows: Array.from({ length: 30_000 }, (_, row) => ({ row, text: HOSTILE })) };
    const outputRef = await executionStore(documents).saveOutput(
      { id: 'one', expireAt: START },
      'report',
      JSON.stringify(output),
    );
    await storeExecution(documents, { id: 'one', steps: [doneStep('report', { outputRef })] });
    const html = await textOf('/executions/one');
    expect(html).toContain('stored next to the record');
    expect(html.length).toBeLessThan(60_000);
    expect(await (await console.get('/executions/one/steps/report/output')).json()).toEqual(output);
    await textOf('/executions/one/steps/none/output', 404);
  });

  test('come whole as JSON', async () => {
    await storeExecution(documents, { id: 'one', labels: { x: HOSTILE } });
    const response = await console.get('/executions/one.json');
    expect(await response.json()).toMatchObject({ id: 'one', labels: { x: HOSTILE } });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="one.json"');
  });

  test('that are damaged are said to be', async () => {
    await documents.commit([{ kind: 'create', path: 'playbook_executions/broken', data: { status: 'exploded' } }]);
    expect(await textOf('/executions/broken', 500)).toContain('is not an execution');
  });
});
