import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Failure } from '#core/failure.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { storeExecution, type ToStore } from '#console/testing/store-execution.ts';

const HOSTILE = '<script>alert(1)</script>"\'\u202e';
const TIMED_OUT: Failure = { code: 'timeout', class: 'transient', message: 'The payments side was too slow.' };

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

/** Executions a minute apart, the first the oldest: `ops_0`, `ops_1` … */
async function storeMany(count: number, said: (index: number) => ToStore = () => ({})): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const startedAt = new Date(Date.parse('2026-11-20T10:00:00.000Z') + index * 60_000);
    await storeExecution(documents, { id: `ops_${index}`, startedAt, ...said(index) });
  }
}

const idsIn = (html: string): string[] => Array.from(html.matchAll(/id="row-([^"]+)"/g), ([, id = '']) => id);
const olderIn = (html: string): string | undefined =>
  /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');

describe('the list of executions', () => {
  test('says what to do where nothing has run yet', async () => {
    const html = await textOf('/executions');
    expect(html).toContain('No executions yet');
    expect(html).toContain('href="/playbooks"');
  });

  test('shows what ran, how it went and why it failed, the newest first', async () => {
    await storeMany(2, (index) =>
      index === 0 ? {} : { status: 'failed', failure: TIMED_OUT, failedStep: 'pay', playbookName: 'Nightly' },
    );
    const html = await textOf('/executions');
    expect(idsIn(html)).toEqual(['ops_1', 'ops_0']);
    expect(html).toContain('pay: The payments side was too slow.');
    expect(html).toContain('data-live="executions"');
  });

  test('shows every execution once, page after page, and the way back', async () => {
    await storeMany(60);
    const seen: string[] = [];
    for (let href: string | undefined = '/executions'; href !== undefined;) {
      const html = await textOf(href);
      seen.push(...idsIn(html));
      expect(html.includes('← Newest')).toBe(href !== '/executions');
      href = olderIn(html);
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => `ops_${59 - index}`));
  });

  test('keeps its filters from page to page, and removes each by itself', async () => {
    await storeMany(40, (index) => ({ labels: { area: index % 2 === 0 ? 'even' : 'odd' }, agents: ['linus'] }));
    const html = await textOf('/executions?label=area%3Deven&agent=linus');
    expect(idsIn(html)).toHaveLength(20);
    expect(html).toContain('href="/executions?agent=linus"');
    expect(html).toContain('aria-label="Remove filter Label: area=even"');
    expect(html).toContain('<details class="more-filters" open="">');
  });

  test('finds by words of the error, by trigger and by day', async () => {
    await storeMany(3, (index) =>
      index === 1
        ? { status: 'failed', failure: TIMED_OUT }
        : {
            trigger: { kind: 'manual', by: 'ada@example.com' },
            startedAt: new Date(`2026-11-1${index}T12:00:00.000Z`),
          },
    );
    expect(idsIn(await textOf('/executions?text=payments'))).toEqual(['ops_1']);
    expect(idsIn(await textOf('/executions?trigger=manual'))).toEqual(['ops_2', 'ops_0']);
    expect(idsIn(await textOf('/executions?from=2026-11-12&to=2026-11-12'))).toEqual(['ops_2']);
  });

  test('offers to clear the filters where nothing matches', async () => {
    await storeMany(1);
    const html = await textOf('/executions?status=failed');
    expect(html).toContain('No executions match these filters.');
  });

  test('says at the field what is wrong with a filter, and keeps what was written', async () => {
    const html = await textOf(`/executions?status=bogus&text=${encodeURIComponent(HOSTILE)}`, 400);
    expect(html).toContain('id="problem-status"');
    expect(html).toContain('Choose one of running, waiting, succeeded, failed, cancelled, skipped.');
    expect(html).toContain('aria-describedby="problem-status"');
    expect(html).not.toContain('<script>alert');
  });

  test.each(['garbage', '%00', 'x'.repeat(5_000)])(
    'leads back to the first page for a mark that is none',
    async (after) => {
      const html = await textOf(`/executions?status=failed&after=${after}`, 400);
      expect(html).toContain('href="/executions?status=failed"');
    },
  );

  test('shows hostile names, errors and people inert, and hidden characters by their number', async () => {
    await storeMany(1, () => ({
      playbookName: HOSTILE + 'n'.repeat(10_000),
      trigger: { kind: 'manual', by: HOSTILE },
      status: 'failed',
      failure: { ...TIMED_OUT, message: HOSTILE.repeat(1_000) },
      labels: { [HOSTILE]: HOSTILE },
      agents: [HOSTILE],
    }));
    const html = await textOf('/executions');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('\u202e');
    expect(html).toContain('\\u202e');
    expect(html.length).toBeLessThan(40_000);
  });

  test('lists a damaged record as such, among the others', async () => {
    await storeMany(2);
    const data = { startedAt: new Date('2026-11-20T12:00:00.000Z'), status: 'exploded' };
    await documents.commit([{ kind: 'create', path: 'playbook_executions/broken', data }]);
    const html = await textOf('/executions');
    expect(html).toContain('cannot be read');
    expect(html).toContain('broken');
    expect(idsIn(html)).toEqual(['ops_1', 'ops_0']);
  });

  test('reads at most 60 documents, whatever is stored and asked for', async () => {
    await storeMany(120, (index) => ({ labels: { area: 'x' }, agents: index % 60 === 0 ? ['linus'] : ['leo'] }));
    for (let index = 0; index < 70; index += 1) {
      await documents.commit([{ kind: 'create', path: `playbooks_internal/p_${index}`, data: { name: `P ${index}` } }]);
    }
    for (const query of ['', '?label=area%3Dx&agent=linus', '?text=test&status=failed', '?status=succeeded']) {
      documents.reset();
      await textOf(`/executions${query}`);
      expect(documents.counts().reads).toBeLessThanOrEqual(60);
    }
    await textOf('/executions');
    expect(await textOf('/executions')).toContain('<option value="p_69">');
  });
});

describe('the export', () => {
  test('has every execution that passes the filter once, in a CSV file to keep', async () => {
    const failure = { ...TIMED_OUT, message: '=cmd()' };
    await storeMany(130, (index) => (index % 2 === 0 ? {} : { status: 'failed', failure }));
    const response = await console.get('/executions.csv?status=failed');
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="executions-2026-11-20.csv"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(lines).toHaveLength(66);
    expect(lines[1]).toContain(`"'=cmd()",timeout`);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([24]));
  });

  test('is complete as JSON, with running and skipped ones', async () => {
    await storeMany(3, (index) =>
      index === 0
        ? { status: 'running' }
        : index === 1
          ? { status: 'skipped', reason: 'paused', explanation: 'Moving' }
          : {},
    );
    const body: unknown = await (await console.get('/executions.json')).json();
    expect(body).toMatchObject({
      executions: [{ id: 'ops_2' }, { id: 'ops_1', reason: 'paused' }, { id: 'ops_0', status: 'running' }],
      unreadable: [],
      complete: true,
      note: null,
    });
    const csv = (await (await console.get('/executions.csv')).text()).trimEnd().split('\r\n');
    expect(csv.map((line) => line.split(',').length)).toEqual([24, 24, 24, 24]);
  });

  test('is for everybody ten times in ten minutes, because it reads so much', async () => {
    for (let index = 0; index < 10; index += 1) expect((await console.get('/executions.csv')).status).toBe(200);
    const refused = await console.get('/executions.json');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    console.become({ ...TEST_PERSON, uid: 'bob' });
    expect((await console.get('/executions.csv')).status).toBe(200);
    console.become(TEST_PERSON);
    console.clock.advance(60_000);
    expect((await console.get('/executions.csv')).status).toBe(200);
  });

  test('is refused with the reason for a filter that cannot be used', async () => {
    expect(await textOf('/executions.csv?from=yesterday', 400)).toContain('Enter a date like 2026-11-21.');
  });
});
