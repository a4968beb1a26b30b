import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';
import { testWorld } from '#console/testing/test-world.ts';
import { playbookPages } from './index.tsx';

const PATH = '/playbooks/ops_test/run';
const REQUEST = '11111111-2222-4333-8444-555555555555';
const INPUTS = {
  days: { type: 'number', integer: true, min: 1, max: 90, default: 7, name: 'Days', description: 'Without a sign.' },
  area: { type: 'choice', options: ['north', 'south'] },
  loud: { type: 'boolean', default: false },
  note: { type: 'string', required: true },
};
const GOOD = { 'input.days': '9', 'input.area': 'south', 'input.loud': 'true', 'input.note': 'Hello\r\nthere' };

let console: TestConsole;

beforeEach(async () => {
  console = await openTestConsole();
  await seedPlaybook(console.documents, { definition: { inputs: INPUTS } });
});
afterEach(() => console.close());

const html = async (path = PATH): Promise<string> => (await console.get(path)).text();
const post = (fields: Readonly<Record<string, string>> = {}): Promise<Response> =>
  console.post(PATH, { requestId: REQUEST, version: 'v1', recipients: 'playbook', ...GOOD, ...fields });
const requested = async (): Promise<readonly string[]> =>
  (await listAuditEntries(console.documents, {}, { limit: 50 })).items.map(
    ({ action, target }) => `${action} ${target.id}`,
  );

async function allowOnly(domain: string): Promise<void> {
  const people = {
    roles: { reports: ['ann@example.com'] },
    allowedRecipients: [domain],
    allowedLinkHosts: [],
    sender: { email: 'playbooks@example.com', name: 'Playbooks' },
  };
  await seedSettings(console.documents, { people, agents: [] }, new Date(0));
}

describe('the form that runs a playbook', () => {
  test('asks for its inputs, with their defaults and what fits', async () => {
    const page = await html();
    expect(page).toMatch(/id="input-days"[^>]*value="7"/);
    expect(page).toContain('Without a sign. 1 to 90, default 7');
    expect(page).toMatch(/<select id="input-area".*?<option value="">–<\/option>.*?north.*?south/s);
    expect(page).toContain('<option value="false" selected="">No</option>');
    expect(page).toMatch(/<textarea id="input-note"[^>]*required=""/);
    expect(page).toMatch(/name="requestId" value="[\w-]{36}"/);
  });

  test('calls the runner, records it, and leads to the execution', async () => {
    const response = await post();
    const executionId = `ops_test_manual_${REQUEST}`;
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/executions/${executionId}?notice=requested`);
    expect(console.requested).toEqual([
      {
        playbookId: 'ops_test',
        requestId: REQUEST,
        by: 'ada@example.com',
        inputs: { days: 9, area: 'south', loud: true, note: 'Hello\nthere' },
        onlyTo: undefined,
      },
    ]);
    expect(await requested()).toEqual([`execution_requested ${executionId}`]);
  });

  test('that is sent twice asks for one execution, and is recorded once', async () => {
    await post();
    await post();
    expect(new Set(console.requested.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await requested()).toHaveLength(1);
  });

  test('says at each field what is wrong, and keeps what was typed', async () => {
    const response = await post({ 'input.days': '<b>many', 'input.area': 'west', 'input.note': '' });
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toMatch(/value="&lt;b&gt;many"/);
    expect(page).toMatch(/id="input-days-problem">days must be a whole number from 1 to 90/);
    expect(page).toMatch(/id="input-area-problem">area must be one of/);
    expect(page).toContain('id="input-note-problem">note is required');
    expect(page).toContain(`name="requestId" value="${REQUEST}"`);
    expect(console.requested).toEqual([]);
    expect(await requested()).toEqual([]);
  });

  test('refuses an input that the playbook does not have', async () => {
    const response = await post({ 'input.dais': '9' });
    expect(await response.text()).toContain('Unknown input');
    expect(console.requested).toEqual([]);
  });

  test('tells only the person who asks, at their own address, whatever the form says', async () => {
    await post({ recipients: 'me', address: 'other@example.com' });
    expect(console.requested[0]?.onlyTo).toBe('ada@example.com');
  });

  test('asks for an address where the reader has none that may be written to', async () => {
    await allowOnly('@example.com');
    console.become({ ...TEST_PERSON, email: 'operator@localhost', local: true });
    expect(await html()).toContain('My address, for “only me”');
    expect((await html()).replaceAll(/<[^>]*>/g, '')).toContain('people.yaml allows mail only to @example.com');
    const refused = await (await post({ recipients: 'me', address: 'me@elsewhere.org' })).text();
    expect(refused).toMatch(/id="address-problem">.*is not an allowed recipient/);
    expect(refused).toContain('value="me@elsewhere.org"');
    await post({ recipients: 'me', address: ' me@example.com ' });
    expect(console.requested.map(({ onlyTo }) => onlyTo)).toEqual(['me@example.com']);
  });

  test('of a playbook that was changed meanwhile is shown again', async () => {
    await seedPlaybook(console.documents, { definition: { inputs: INPUTS, deadline: '5m' }, version: 'v2' });
    const page = await (await post()).text();
    expect(page).toContain('The playbook has changed since this form was loaded');
    expect(page).toContain('name="version" value="v2"');
    expect(console.requested).toEqual([]);
  });

  test.each([
    ['pause', { reason: 'We move house', end: 'resumed' }, 'We move house'],
    ['disable', { reason: 'Not needed' }, 'The playbook is disabled'],
  ])('says that it cannot run after "%s", and asks for nothing', async (name, fields, words) => {
    await console.post(`/playbooks/ops_test/${name}`, fields);
    const page = await html();
    expect(page).toContain('It cannot run now');
    expect(page).toContain(words);
    expect(page).not.toContain('>Run now</button>');
    expect((await post()).status).toBe(409);
    expect(console.requested).toEqual([]);
  });

  test.each([{ requestId: 'short' }, { requestId: '../../x/y/z' }, { recipients: 'all' }])(
    'that is not as it was given (%o) is refused',
    async (fields) => {
      expect((await post(fields)).status).toBe(400);
      expect(console.requested).toEqual([]);
    },
  );

  test.each(['viewer', 'approver'] as const)('is not for a %s', async (role) => {
    console.become({ ...TEST_PERSON, role });
    expect((await console.get(PATH)).status).toBe(403);
    expect((await post()).status).toBe(403);
    expect(console.requested).toEqual([]);
  });

  test('stands again with everything in it when the runner is out of reach, so that sending it again is safe', async () => {
    const { documents, clock } = console;
    const world = {
      ...testWorld({ documents, clock, requested: [] }),
      requestExecution: () => Promise.reject(new PlaybookError('unavailable', 'The runner is out of reach.')),
    };
    const app = new Hono<ConsoleEnv>();
    app.use(async (c, next) => {
      c.set('person', TEST_PERSON);
      c.set('csrfToken', 'token');
      c.set('timeZone', 'UTC');
      await next();
    });
    app.route('/', playbookPages(world));
    const fields = { requestId: REQUEST, version: 'v1', recipients: 'me', ...GOOD };
    const response = await app.request(PATH, { method: 'POST', body: new URLSearchParams(fields) });
    const page = await response.text();
    expect(response.status).toBe(503);
    expect(page).toContain('The runner is out of reach.');
    expect(page).toContain(`value="${REQUEST}"`);
    expect(page).toMatch(/value="me" checked=""/);
    expect(page).toContain('\nHello\nthere</textarea>');
  });
});
