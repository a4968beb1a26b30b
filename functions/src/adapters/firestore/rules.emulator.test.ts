import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FirestoreEmulator, startFirestoreEmulator } from '#testing/servers/firestore-emulator.ts';

/**
 * Who may do what, asked of the emulator over its REST interface: collection × caller × operation. The emulator takes
 * unsigned tokens and does not look at their expiry, so expired and forged tokens cannot be tried here; production
 * refuses both before it looks at any rule.
 */
const rulesFile = fileURLToPath(new URL('../../../../firestore.rules', import.meta.url));

const OURS = [...readFileSync(rulesFile, 'utf8').matchAll(/match \/([a-z_]+)\/\{document=\*\*\}/g)].map(
  ([, name]) => `${name}`,
);
const BELOW = [
  'playbook_executions/one/outputs',
  'playbooks_internal/one/versions',
  'playbook_statistics/one/playbook_points',
];
const NOT_OURS = ['users', 'orders', 'playbook_execution', 'users/one/playbook_executions'];

const CALLERS = {
  anonymous: undefined,
  'signed in': { sub: 'ann' },
  'with superUser: false': { sub: 'ann', superUser: false },
  'with superUser: "true" as text': { sub: 'ann', superUser: 'true' },
  'with superUser: 1': { sub: 'ann', superUser: 1 },
  'super user': { sub: 'sue', superUser: true },
} as const;
type Caller = keyof typeof CALLERS;

const READS = ['get', 'list', 'query', 'count'] as const;
const WRITES = ['create', 'update', 'delete', 'commit'] as const;
type Operation = (typeof READS)[number] | (typeof WRITES)[number];

let emulator: FirestoreEmulator;

beforeAll(async () => {
  emulator = await startFirestoreEmulator({ rules: rulesFile });
  const owner = { authorization: 'Bearer owner' };
  for (const collection of [...OURS, ...BELOW, ...NOT_OURS]) {
    const { status } = await send('PATCH', `/${collection}/one`, owner, { fields: {} });
    if (status !== 200) throw new Error(`The emulator answered ${status} to ${collection}.`);
  }
});

afterAll(() => emulator.stop());

test('the matrix covers every collection that the rules name', () => {
  expect(OURS).toEqual(
    expect.arrayContaining(['playbook_executions', 'playbook_threads', 'playbooks_internal', 'audit_log']),
  );
  expect(OURS.length).toBeGreaterThanOrEqual(10);
});

describe.each([...OURS, ...BELOW])('%s', (collection) => {
  test.each(READS)('only a super user may %s', async (operation) => {
    expect(await allowed(operation, collection)).toEqual(['super user']);
  });

  test.each(WRITES)('nobody may %s', async (operation) => {
    expect(await allowed(operation, collection)).toEqual([]);
  });
});

describe.each(NOT_OURS)('%s, which is not ours', (collection) => {
  test.each([...READS, ...WRITES])('nobody may %s', async (operation) => {
    expect(await allowed(operation, collection)).toEqual([]);
  });
});

/** The callers whose operation was let through; everybody else must have been denied, not have failed. */
async function allowed(operation: Operation, collection: string): Promise<readonly Caller[]> {
  const callers: Caller[] = [
    'anonymous',
    'signed in',
    'with superUser: false',
    'with superUser: "true" as text',
    'with superUser: 1',
    'super user',
  ];
  const through: Caller[] = [];
  for (const caller of callers) {
    const status = await attempt(operation, collection, headersOf(caller));
    expect([200, 403]).toContain(status);
    if (status === 200) through.push(caller);
  }
  return through;
}

function headersOf(caller: Caller): Record<string, string> {
  const claims = CALLERS[caller];
  if (claims === undefined) return {};
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = { ...claims, user_id: claims.sub, iat: 0, firebase: { sign_in_provider: 'custom', identities: {} } };
  return { authorization: `Bearer ${part({ alg: 'none', typ: 'JWT' })}.${part(token)}.` };
}

async function attempt(operation: Operation, collection: string, headers: Record<string, string>): Promise<number> {
  const slash = collection.lastIndexOf('/');
  const parent = slash < 0 ? '' : `/${collection.slice(0, slash)}`;
  const structuredQuery = { from: [{ collectionId: collection.slice(slash + 1) }], limit: 1 };
  const call = async (method: string, path: string, body?: object): Promise<number> =>
    (await send(method, path, headers, body)).status;
  switch (operation) {
    case 'get':
      return call('GET', `/${collection}/one`);
    case 'list':
      return call('GET', `/${collection}`);
    case 'query':
      return call('POST', `${parent}:runQuery`, { structuredQuery });
    case 'count':
      return call('POST', `${parent}:runAggregationQuery`, {
        structuredAggregationQuery: { structuredQuery, aggregations: [{ alias: 'n', count: {} }] },
      });
    case 'create':
      return call('POST', `/${collection}?documentId=new`, { fields: {} });
    case 'update':
      return call('PATCH', `/${collection}/one`, { fields: { a: { booleanValue: true } } });
    case 'delete':
      return call('DELETE', `/${collection}/one`);
    case 'commit':
      return call('POST', ':commit', { writes: [{ delete: `${root()}/${collection}/one` }] });
  }
}

function root(): string {
  return 'projects/demo-rules/databases/(default)/documents';
}

async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<{ readonly status: number }> {
  const response = await fetch(`http://${emulator.host}:${emulator.port}/v1/${root()}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return { status: response.status };
}
