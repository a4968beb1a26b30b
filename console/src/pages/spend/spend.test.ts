import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Models } from '#language/settings/models.ts';
import { DAY_MS } from '#core/duration.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { aModelCall, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const page = async (path = '/spend'): Promise<string> =>
  (await (await console.get(path)).text()).replaceAll(/<\/?bdi[^>]*>|<\/?span[^>]*>/g, '');
const heading = (html: string): string | undefined => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
const cellsOf = (html: string, id: string): readonly (string | undefined)[] => {
  const line = new RegExp(`<tr id="row-${id}".*?</tr>`, 's').exec(html)?.[0] ?? '';
  return [...line.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell?.replaceAll(/<[^>]*>/g, ''));
};

/** An execution of so many days ago that made these calls. */
async function spent(daysAgo: number, calls: readonly Partial<ModelCall>[], agent?: string, playbookId = 'ops_test') {
  const startedAt = new Date(console.clock.now().getTime() - daysAgo * DAY_MS - 60_000);
  const ended = { startedAt, completedAt: startedAt, durationMs: 0, status: 'succeeded' } as const;
  const modelCalls = calls.map((call) => aModelCall(call));
  const attempt = { ...ended, number: 1, input: agent === undefined ? {} : { agent }, output: null, modelCalls };
  const step = { ...ended, path: 'ask', id: 'ask', type: 'synthesize', order: 0, attempts: [attempt] as const };
  const id = `${playbookId}-${daysAgo}-${agent}`;
  await storeExecution(documents, aSucceededExecution(startedAt, { id, playbookId, steps: { ask: step } }));
}

async function budgetOf(perDayUsd: number): Promise<void> {
  const models = Models.parse({ asOf: '2026-11-01', author: 'small', budget: { perDayUsd }, models: {} });
  await seedSettings(documents, { agents: [], models }, console.clock.now());
}

describe('spend', () => {
  test('says when some of it belongs to the simulated past of the demo company', async () => {
    expect(await page()).not.toContain('simulated history');
    const startedAt = new Date(console.clock.now().getTime() - DAY_MS);
    const labels = { simulated: 'history' };
    await storeExecution(documents, aSucceededExecution(startedAt, { id: 'ops_past', labels }));

    expect(await page()).toContain('nothing was billed');
  });

  test('says why there is none where no model was called', async () => {
    const html = await page();
    expect(heading(html)).toBe('No model spend');
    expect(html).toContain('Without ANTHROPIC_API_KEY, reports are plain tables');
    expect(html).not.toContain('/spend.csv');
  });

  test('adds up today against its budget, the days, and the average', async () => {
    await budgetOf(5);
    await spent(0, [{ costUsd: 1.5 }]);
    await spent(10, [{ costUsd: 4.5 }]);
    const html = await page();
    expect(heading(html)).toBe('$6.00 in 30 days');
    expect(html).toMatch(/\$1\.50<\/strong> of \$5\.00 \(30%\)/);
    expect(html).toMatch(/Daily average<\/h2><p class="value">\$0\.20<\/p><p[^>]*>4% of the budget/);
  });

  test('warns in words when a day costs more than its budget', async () => {
    await budgetOf(1);
    await spent(0, [{ costUsd: 1.5 }]);
    expect(await page()).toContain('of $1.00 (150%, over budget)');
  });

  test('compares a week with the one before it', async () => {
    await spent(0, [{ costUsd: 3 }]);
    expect(await page('/spend?days=7')).toContain('no calls in the previous 7 days');
    await spent(8, [{ costUsd: 2 }]);
    const html = await page('/spend?days=7');
    expect(heading(html)).toBe('$3.00 in 7 days');
    expect(html).toContain('50% more than the previous 7 days ($2.00)');
  });

  test('tells playbooks, agents and models apart, the most expensive first, with their shares', async () => {
    await spent(
      1,
      [{ costUsd: 3, model: 'large', inputTokens: 1_000, outputTokens: 50, cacheReadTokens: 500 }],
      'linus',
    );
    await spent(
      2,
      [
        { costUsd: 0.5, model: 'small' },
        { costUsd: 0.5, model: 'small' },
      ],
      undefined,
      'ops_other',
    );
    const html = await page();
    expect(cellsOf(html, 'playbooks-ops_test')).toEqual(['ops_test', '1', '1,500', '500', '50', '$3.00', '75%']);
    expect(cellsOf(html, 'agents-none')).toEqual(['no agent', '2', '20', '0', '10', '$1.00', '25%']);
    expect(cellsOf(html, 'models-small')).toEqual(['small', '2', '20', '0', '10', '$1.00', '25%']);
    expect(html.indexOf('row-models-large')).toBeLessThan(html.indexOf('row-models-small'));
    expect(cellsOf(html, '2026-11-19')).toEqual(['Thu 19 Nov', '1', '1,500', '500', '50', '$3.00']);
  });

  test('says how many calls have no price, and draws calls where no price is known', async () => {
    await spent(1, [
      { costUsd: null, model: 'new' },
      { costUsd: null, model: 'new' },
    ]);
    const html = await page();
    expect(html).toContain('Not included: 2 calls to models without a price in playbooks/models.yaml.');
    expect(cellsOf(html, 'models-new').slice(-2)).toEqual(['unknown', '–']);
    expect(html).toContain('<title>Thu 19 Nov: 2 calls</title>');
  });

  test('draws a column for each day, stacked as asked for, and the budget where it fits', async () => {
    await budgetOf(5);
    await spent(1, [
      { costUsd: 3, model: 'large' },
      { costUsd: 1, model: 'small' },
    ]);
    const html = await page();
    expect(html).toContain('<title>Thu 19 Nov: $4.00</title>');
    expect(html.match(/<rect class="hit"/g)).toHaveLength(30);
    expect(html.match(/<rect class="series-\d" x="28/g)).toHaveLength(2);
    expect((await page('/spend?by=playbooks')).match(/<rect class="series-\d" x="28/g)).toHaveLength(1);
    expect(html).toContain('class="budget-line"');
    await spent(2, [{ costUsd: 0.01 }]);
    await budgetOf(500);
    console.clock.advance(60_000);
    expect(await page()).not.toContain('class="budget-line"');
  });

  test('gives the same as a CSV file whose rows of a kind add up, and in which no name is a formula', async () => {
    await spent(1, [
      { costUsd: 3, model: '=HYPERLINK("x")' },
      { costUsd: 1, model: 'small' },
    ]);
    const response = await console.get('/spend.csv?days=7');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="spend-2026-11-20-7d.csv"');
    const lines = (await response.text()).split('\r\n');
    expect(lines[1]).toBe('2026-11-19,total,,2,20,0,10,4,0');
    expect(lines).toContain('2026-11-19,model,small,1,10,0,5,1,0');
    expect(lines.find((line) => line.includes('HYPERLINK'))).toMatch(/^2026-11-19,model,"'=HYPERLINK/);
  });

  test('reads at most 31 documents beside that of the frame, and shows hostile names inert', async () => {
    const model = `<script>alert(1)</script>\u202E${'x'.repeat(100)}`;
    for (let day = 0; day < 40; day += 1) await spent(day, [{ model, costUsd: 1 }], '"><img src=x>');
    for (const path of ['/spend', '/spend?days=7', '/spend?days=9999&by=foo']) {
      documents.reset();
      const html = await (await console.get(path)).text();
      expect(documents.counts().reads).toBeLessThanOrEqual(32);
      expect(html).not.toMatch(/<script>|<img|\u202E/);
    }
  });
});
