import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Failure } from '#core/failure.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import { doneStep, failedStep, storeExecution } from '#console/testing/store-execution.ts';

const START = new Date('2026-11-20T13:00:00.000Z');
const FAILURE: Failure = { code: 'unauthenticated', class: 'needs_person', message: 'The key was refused.' };
const PLAYBOOK = Playbook.parse({
  id: 'ops_test',
  name: 'Test',
  inputs: { days: { name: 'Days of inactivity', type: 'number', default: 7 } },
  steps: [{ id: 'pay', name: 'Ask the payments', type: 'tool_call', tool: 'x' }],
  criteria: [{ id: 'rate', name: 'Error rate', value: '1', ok: 'value <= 1', alert: 'false', unit: '%' }],
});

let documents: Documents;
let console: TestConsole;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  console = await openTestConsole({ documents });
  await applySeed(documents, [{ playbook: PLAYBOOK, version: 'v1', source: 'id: ops_test\n' }], START);
});
afterEach(() => console.close());

async function wordsOf(path: string): Promise<string> {
  const response = await console.get(path);
  const page = (await response.text()).replaceAll(/<(?!\/?code)[^>]*>/g, ' ');
  return page.replaceAll(/\s+/g, ' ');
}

describe('the page of an execution', () => {
  test('says in whose time its times are', async () => {
    await storeExecution(documents, { id: 'one', startedAt: START });
    expect(await wordsOf('/executions/one')).toContain('Started (New York time) Fri 20 Nov, 08:00:00');
  });

  test('calls inputs and labels what people call them', async () => {
    await storeExecution(documents, { id: 'one', inputs: { days: 9, other: 1 }, labels: { area: 'growth' } });
    const words = await wordsOf('/executions/one');
    expect(words).toContain('Days of inactivity 9');
    expect(words).toContain('Input other 1');
    expect(words).toContain('area: growth');
  });

  test('says that a failure needs a person', async () => {
    await storeExecution(documents, { id: 'one', status: 'failed', failure: FAILURE, failedStep: null });
    expect(await wordsOf('/executions/one')).toContain('needs a person');
  });

  test('says why a criterion has no value without the mark below its expression, and which band it never reaches', async () => {
    const reason = 'The expression failed: no field exists.\n  steps.pay.output.rate\n           ^';
    await storeExecution(documents, { id: 'one', criteria: [{ id: 'rate', value: null, band: 'unknown', reason }] });
    const words = await wordsOf('/executions/one');
    expect(words).toContain('The expression failed: no field exists. <code>steps.pay.output.rate</code>');
    expect(words).toMatch(/<code>value &lt;= 1<\/code> never/);
  });

  test('sets an expression without a value apart from the words about it', async () => {
    const reason = '`steps.pay.output.rate` has no value.';
    await storeExecution(documents, { id: 'one', criteria: [{ id: 'rate', value: null, band: 'unknown', reason }] });
    expect(await wordsOf('/executions/one')).toContain('<code>steps.pay.output.rate</code> has no value.');
  });

  test('compares steps by their names, also one that only this execution reached', async () => {
    const before = new Date(START.getTime() - 1);
    await storeExecution(documents, { id: 'good', steps: [doneStep('pay')], startedAt: before });
    const steps = [failedStep('pay', FAILURE), doneStep('$alert', { order: 1 })];
    await storeExecution(documents, { id: 'one', status: 'failed', failure: FAILURE, failedStep: 'pay', steps });
    const words = await wordsOf('/executions/one');
    expect(words).toMatch(/Step Ask the payments ✓ succeeded [^✓✕]* ✕ failed/);
    expect(words).toMatch(/Step Alert not run ✓ succeeded/);
  });
});
