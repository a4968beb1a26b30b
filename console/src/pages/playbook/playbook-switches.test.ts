import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';

let console: TestConsole;

beforeEach(async () => {
  console = await openTestConsole();
  await seedPlaybook(console.documents);
});
afterEach(() => console.close());

const post = (name: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> =>
  console.post(`/playbooks/ops_test/${name}`, fields);
const record = () => loadPlaybook(console.documents, 'ops_test');
const audited = async (): Promise<readonly string[]> =>
  (await listAuditEntries(console.documents, {}, { limit: 50 })).items.map(({ action, by }) => `${by} ${action}`);

describe('to pause a playbook', () => {
  // The clock of tests stands at 9:00 on Friday in New York, where the reader is.
  test.each([
    ['hour', '2026-11-20T15:00:00.000Z'],
    ['morning', '2026-11-21T14:00:00.000Z'],
    ['week', '2026-11-27T14:00:00.000Z'],
    ['at', '2026-12-24T17:30:00.000Z'],
    ['resumed', undefined],
  ])('until "%s" holds until %s, with the reason, and is audited', async (end, until) => {
    const response = await post('pause', { reason: 'We move house', end, until: '2026-12-24T12:30' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/playbooks/ops_test?notice=paused');
    const { pause } = (await record()) ?? {};
    expect(pause).toMatchObject({ reason: 'We move house', by: TEST_PERSON.email });
    expect(pause?.until?.toISOString()).toBe(until);
    expect(await audited()).toEqual(['ada@example.com playbook_paused']);
  });

  test.each([
    ['without a reason', { reason: ' ', end: 'hour' }, 'A reason is needed'],
    ['until a time that has passed', { reason: 'Because', end: 'at', until: '2026-11-20T08:00' }, 'which has passed'],
    ['until no time', { reason: 'Because', end: 'at', until: 'soon' }, 'Enter the day and time'],
    ['until an end that is not offered', { reason: 'Because', end: 'never' }, 'Unknown end'],
  ])('%s changes nothing, and what was written is still there', async (_name, fields, problem) => {
    const response = await post('pause', fields);
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page.match(/Nothing was changed/g)).toHaveLength(1);
    expect(page).toContain(problem);
    expect(page).toContain('<details class="disclosure " id="pause" open="">');
    expect(page).toContain(`\n${fields.reason.trim()}</textarea>`);
    expect((await record())?.pause).toBeNull();
    expect(await audited()).toEqual([]);
  });

  test('twice in the same minute is once', async () => {
    await post('pause', { reason: 'Because', end: 'hour' });
    await post('pause', { reason: 'Because', end: 'hour' });
    expect(await audited()).toHaveLength(1);
  });

  test('shows who, why and until when, and offers to resume', async () => {
    await post('pause', { reason: 'We <b>move</b> house', end: 'morning' });
    const page = await (await console.get('/playbooks/ops_test')).text();
    expect(page).toContain('We &lt;b&gt;move&lt;/b&gt; house');
    expect(page).toContain('Sat 21 Nov, 09:00:00');
    expect((await post('resume')).headers.get('location')).toContain('notice=resumed');
    expect((await record())?.pause).toBeNull();
  });
});

describe('to disable a playbook', () => {
  test('takes a reason, is audited, and can be taken back', async () => {
    expect((await post('disable', { reason: '' })).status).toBe(400);
    expect((await post('disable', { reason: 'Not needed' })).headers.get('location')).toContain('notice=disabled');
    expect((await record())?.enabled).toBe(false);
    expect((await post('enable', { reason: 'Needed' })).headers.get('location')).toContain('notice=enabled');
    expect((await record())?.enabled).toBe(true);
    expect(await audited()).toEqual(['ada@example.com playbook_enabled', 'ada@example.com playbook_disabled']);
  });
});

describe('who may', () => {
  test.each([
    ['viewer', 'pause', 403],
    ['approver', 'pause', 403],
    ['operator', 'pause', 303],
    ['operator', 'disable', 403],
    ['admin', 'disable', 303],
  ] as const)('%s: %s is answered with %i', async (role, name, status) => {
    console.become({ ...TEST_PERSON, role });
    expect((await post(name, { reason: 'Because', end: 'hour' })).status).toBe(status);
    expect((await audited()).length).toBe(status === 303 ? 1 : 0);
  });

  test('a playbook that does not exist cannot be switched', async () => {
    const response = await console.post('/playbooks/none/pause', { reason: 'Because', end: 'hour' });
    expect(response.status).toBe(404);
  });

  test('asking for the address of a form changes nothing', async () => {
    expect((await console.get('/playbooks/ops_test/disable')).headers.get('location')).toBe('/playbooks/ops_test');
    expect((await record())?.enabled).toBe(true);
  });
});
