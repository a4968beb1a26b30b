import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentData } from '#ports/documents/documents.ts';
import { openTestConsole, type TestConsole } from './testing/test-console.ts';

const AT = new Date('2026-11-20T13:00:00.000Z');
const LATER = new Date('2027-01-01T00:00:00.000Z');

/** Records that no code of ours wrote, each of them where a list looks for it. */
const DAMAGED: readonly DocumentData[] = [
  {},
  { id: 1, name: { a: 1 }, day: [1], days: 'x', definition: 'x', content: 5 },
  { status: 'succeeded', startedAt: AT, createdAt: AT, updatedAt: AT, at: AT, deadlineAt: LATER },
  { startedAt: 'x', createdAt: 5, at: null, updatedAt: [1], deadlineAt: { a: 1 }, state: 'awaiting_approval' },
  { status: 'running', startedAt: AT, playbookId: 7, steps: [], trigger: 'manual' },
  { state: 'awaiting_approval', deadlineAt: LATER, createdAt: AT, kind: 'unheard of' },
  { state: 'awaiting_approval', deadlineAt: AT, createdAt: AT, title: { $json: 'no JSON' } },
  { state: 'open', createdAt: AT, at: AT, startedAt: AT, details: { $json: '['.repeat(50_000) } },
];
const COLLECTIONS = [
  'playbook_executions',
  'playbook_threads',
  'playbook_notifications',
  'audit_log',
  'playbooks_internal',
  'playbook_statistics',
  'playbook_spend',
  'playbook_metrics',
  'playbook_agents',
];
const OTHERS = [
  ...['people', 'platform', 'integrations', 'models'].map((name) => `playbook_settings/${name}`),
  'ops_control/global',
  'ops_control/audit_head',
  'playbook_spend/2026-11-20',
];
const LISTS = [
  '/',
  '/executions',
  '/executions.csv',
  '/executions.json',
  '/playbooks',
  '/health',
  '/health?window=30d',
  '/spend',
  '/notifications',
  '/audit',
  '/inbox',
  ...['open', 'decided', 'expired', 'closed', 'all'].map((state) => `/inbox?state=${state}`),
];

describe('with every kind of record damaged', () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await openTestConsole();
    for (const collection of COLLECTIONS) {
      for (const [index, data] of DAMAGED.entries()) {
        await console.documents.commit([{ kind: 'set', path: `${collection}/damaged-${index}`, data }]);
      }
    }
    for (const path of OTHERS) {
      await console.documents.commit([{ kind: 'set', path, data: { content: 5, mode: 'unheard of', sequence: 'x' } }]);
    }
  });
  afterAll(() => console.close());

  test.each(LISTS)('%s is there all the same', async (path) => {
    const answer = await console.get(path);
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
  });

  test.each(['executions', 'inbox', 'notifications', 'playbooks'])(
    'a page below /%s says which record it is, and that it cannot be read',
    async (section) => {
      for (const index of DAMAGED.keys()) {
        const answer = await console.get(`/${section}/damaged-${index}`);
        const page = await answer.text();
        expect(answer.status).toBe(500);
        expect(page).toContain(`damaged-${index}`);
        expect(page).not.toContain('This is a bug in the console');
      }
    },
  );
});
