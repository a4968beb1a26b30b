import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

const FIRST = '# what it is\nid: ops_test\ndeadline: 5m\nbody: |\n  # not a comment\n  key: not a key\nlast: 1\n';
const SECOND = FIRST.replace('5m', '20m');

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (query = ''): Promise<string> =>
  (await console.get(`/playbooks/ops_test/definition${query}`)).text();

async function seedTwo(): Promise<void> {
  await seedPlaybook(documents, { version: 'v1', source: FIRST, seededAt: new Date('2026-11-01T08:00:00.000Z') });
  await seedPlaybook(documents, { version: 'v2', source: SECOND, seededAt: new Date('2026-11-10T08:00:00.000Z') });
}

describe('the definition of a playbook', () => {
  test('is shown as it was written, line by line, with keys and comments told apart', async () => {
    await seedTwo();
    const page = await html();
    expect(page).toContain('Version v2 (current)');
    expect(page).toContain('<span class="line" id="L1"><span class="muted"># what it is</span>');
    expect(page).toContain('<span class="key">deadline:</span> 20m');
    expect(page).toContain('id="L5">  # not a comment\n');
    expect(page).toContain('id="L6">  key: not a key\n');
    expect(page).toContain('<span class="key">last:</span>');
  });

  test('has a history, the newest first, which leads to the executions of its days', async () => {
    await seedTwo();
    const page = await html();
    expect(page.indexOf('id="version-v2"')).toBeLessThan(page.indexOf('id="version-v1"'));
    expect(page).toContain('href="/executions?playbook=ops_test&amp;from=2026-11-01&amp;to=2026-11-10"');
    expect(page).toContain('href="/executions?playbook=ops_test&amp;from=2026-11-10"');
  });

  test('can be looked at in any version, also from the address that executions link to', async () => {
    await seedTwo();
    const response = await console.get('/playbooks/ops_test?version=v1');
    expect(response.headers.get('location')).toBe('/playbooks/ops_test/definition?version=v1');
    const page = await html('?version=v1');
    expect(page).toContain('Version v1');
    expect(page).toContain('<span class="key">deadline:</span> 5m');
  });

  test('shows what differs between any two versions', async () => {
    await seedTwo();
    const forward = await html('?version=v2&against=v1');
    expect(forward).toContain('Changes from v1 to v2');
    expect(forward).toContain('<span class="removed">− deadline: 5m</span><span class="added">+ deadline: 20m</span>');
    expect(await html('?version=v1&against=v2')).toContain('<span class="removed">− deadline: 20m</span>');
    expect(await html('?version=v2&against=v2')).toContain('both versions are the same');
  });

  test.each([
    '?version=v9',
    '?version=v2&against=v9',
    '?version=a%2Fb',
    '?version=__x__',
    `?version=${'x'.repeat(2_000)}`,
  ])('with %s is not found', async (query) => {
    await seedTwo();
    expect((await console.get(`/playbooks/ops_test/definition${query}`)).status).toBe(404);
    expect((await console.get(`/playbooks/ops_test/definition.yaml${query.replace('v2', 'v9')}`)).status).toBe(404);
  });

  test('can be downloaded as it was written', async () => {
    await seedTwo();
    const response = await console.get('/playbooks/ops_test/definition.yaml?version=v1');
    expect(await response.text()).toBe(FIRST);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="ops_test.yaml"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('reads at most 60 documents of a playbook that was changed a hundred times', async () => {
    for (let index = 0; index < 100; index += 1) {
      const seededAt = new Date(Date.UTC(2026, 9, 1, index));
      await seedPlaybook(documents, { version: `v${index}`, source: `n: ${index}\n`, seededAt });
    }
    documents.reset();
    const page = await html('?version=v3&against=v2');
    expect(page).toContain('Older versions are not listed');
    expect(page).toContain('Changes from v2 to v3');
    expect(documents.counts().reads).toBeLessThanOrEqual(30);
  });

  test('of which a version is damaged is shown all the same', async () => {
    await seedTwo();
    await documents.commit([
      { kind: 'set', path: 'playbooks_internal/ops_test/versions/bad', data: { seededAt: new Date(0), source: 7 } },
    ]);
    const page = await html();
    expect(page).toContain('The history cannot be read');
    expect(page).toContain('<span class="key">deadline:</span> 20m');
  });

  test('of a great size, and with hostile text, is cut and inert', async () => {
    const source = `a: <script>alert(1)</script>\u202E\n${'- line\n'.repeat(20_000)}`;
    await seedPlaybook(documents, { source });
    const page = await html();
    expect(page).not.toMatch(/<script>alert|\u202E/);
    expect(page).toContain('Cut here');
    expect(page.length).toBeLessThan(400_000);
  });
});
