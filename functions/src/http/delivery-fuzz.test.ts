import { expect, test } from 'vitest';
import { aCall, authorized, openRunner } from '#testing/runner/open-runner.ts';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { readDelivery } from './delivery.ts';
import { BadCall, type RunnerRequest } from './request.ts';

/** The clock of the runner of tests stands here. */
const NOW = new Date('2026-11-20T14:00:00Z');
const CALLS = 5_000;
const ANSWERED_CALLS = 1_500;

/** Pieces that have broken readers of JSON, of headers, of dates and of URLs before. */
const NAMES = [
  'requestId',
  'by',
  'inputs',
  'onlyTo',
  'days',
  'note',
  '__proto__',
  'constructor',
  'toString',
  '',
  '\ud800',
  'a.b',
  '__x__',
  '$',
  'x'.repeat(2_000),
];
const SCALARS = [
  'null',
  'true',
  '0',
  '-0',
  '7',
  '1e308',
  '1e999',
  '-1e400',
  '5e-324',
  '0.1',
  '1E+2',
  '9007199254740993',
  '""',
  '"a"',
  '"abcd-1234"',
  '"ann@example.com"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u2028"',
  '"__proto__"',
  '"${{ now }}"',
  '"@example.com"',
  `"${'9'.repeat(400)}"`,
  `"${'x'.repeat(5_000)}"`,
  'NaN',
  'undefined',
  "'a'",
  '01',
  '1.',
  '\ufeff1',
];
const TIMES = [
  '2026-11-20T14:00:00Z',
  '0000-01-01T00:00:00Z',
  '0999-12-31T23:59:00Z',
  '9999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-11-19T24:00:00Z',
  '2026-11-19T12:00:60Z',
  '2026-02-29T00:00:00Z',
  '2026-11-20T14:00:00+23:59',
  '2026-11-20T14:00:00-99:99',
  '2026-11-20T14:00:00.123456789Z',
  '2026-11-20t14:00:00z',
  '1e400',
  'NaN',
  '',
  ' ',
  '\u0000',
  'now',
  '2000-01-01T00:00:00Z',
  '1999-12-31T23:59:59Z',
];
const SEARCHES = [
  'playbookId=ops_test',
  'playbookId=ops_test',
  'playbookId=ops_test',
  '',
  'playbookId',
  'playbookId=%',
  'playbookId=%00',
  'playbookId=%ff',
  'playbookId=__proto__',
  'playbookId=constructor',
  'playbookId=ops_test&playbookId=ops_test',
  '__proto__=1',
  'playbookId[]=ops_test',
  'playbookId=ops_test&x',
  'playbookId=ops_other',
  `playbookId=${'a'.repeat(65)}`,
];

/** Calls that a hostile or a broken caller could make, the same ones for the same seed. */
function callsOf(seed: number): () => RunnerRequest {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const oneOf = (items: readonly string[]): string => items[below(items.length)] ?? '';

  function json(depth: number): string {
    const kind = depth > 9 ? 2 : below(6);
    if (kind > 0 && kind < 3) return oneOf(SCALARS);
    const items = Array.from({ length: below(4) }, () => json(depth + 1));
    if (kind === 0) return `[${items.join(',')}]`;
    return `{${items.map((item) => `${JSON.stringify(oneOf(NAMES))}:${item}`).join(',')}}`;
  }
  function bytes(): Uint8Array {
    const text =
      below(4) === 0
        ? ''
        : `{${Array.from({ length: below(4) }, () => `"${oneOf(NAMES.slice(0, 8))}":${json(1)}`).join(',')}}`;
    const body = new TextEncoder().encode(below(10) === 0 ? json(0) : text);
    if (below(10) === 0 && body.length > 0) body[below(body.length)] = below(256);
    return below(20) === 0 ? body.subarray(0, below(body.length + 1)) : body;
  }
  function headers(): RunnerRequest['headers'] {
    const times = Array.from({ length: below(8) === 0 ? 2 : 1 }, () => oneOf(TIMES));
    return {
      ...authorized,
      ...(below(2) === 0 ? { 'x-cloudscheduler-scheduletime': times } : {}),
      ...(below(4) === 0 ? { 'x-cloudscheduler-jobname': [oneOf([...NAMES, ...TIMES])] } : {}),
      ...(below(8) === 0 ? { 'x-cloudscheduler': [oneOf(['true', ''])] } : {}),
    };
  }
  return () => {
    const body = bytes();
    return { ...aCall({ search: oneOf(SEARCHES), headers: headers() }), body: async () => body };
  };
}

test('no call, whatever it holds, makes its reader throw anything but what is told to the caller', async () => {
  const next = callsOf(20_261_128);
  const kinds = { taken: 0, refused: 0 };
  for (let call = 0; call < CALLS; call += 1) {
    const request = next();
    try {
      await readDelivery(request, NOW);
      kinds.taken += 1;
    } catch (thrown) {
      if (!(thrown instanceof BadCall)) throw await withCall(thrown, request);
      kinds.refused += 1;
    }
  }
  // A stream of calls that are all refused early would try nothing.
  expect(kinds.taken).toBeGreaterThan(CALLS / 50);
  expect(kinds.refused).toBeGreaterThan(CALLS / 50);
});

test('no call, whatever it holds, is answered as if the runner were at fault', async () => {
  const next = callsOf(7);
  const runner = openRunner({
    inputs: { days: { type: 'number', default: 7 }, note: { type: 'string', default: 'x' } },
  });
  const statuses = new Set<number>();
  for (let call = 0; call < ANSWERED_CALLS; call += 1) {
    const request = next();
    const { status, body } = await runner.answer(request);
    if (status >= 500) throw await withCall(body['error'], request);
    statuses.add(status);
  }

  expect(statuses).toEqual(new Set([200, 400, 404]));
  expect(runner.logged.filter((line) => line.startsWith('ERROR'))).toEqual([]);
});

async function withCall(cause: unknown, { query, headers, body }: RunnerRequest): Promise<Error> {
  const said = new TextDecoder().decode(await body());
  return new Error(`${JSON.stringify([String(query), headers, said])}: ${String(cause)}`, { cause });
}
