import { describe, expect, test } from 'vitest';
import { readDelivery } from './delivery.ts';
import { BadCall } from './request.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');

/** What is read of a call, or the status with which it is refused; and how often its body was read. */
async function read(call: { time?: string; id?: string; query?: string; body?: string }) {
  const { time, id = 'ops_test', query = `playbookId=${id}`, body = '' } = call;
  let bodies = 0;
  const headers = time === undefined ? {} : { 'x-cloudscheduler-scheduletime': [time] };
  const request = {
    method: 'POST',
    query: new URLSearchParams(query),
    headers,
    body: async () => {
      bodies += 1;
      return new TextEncoder().encode(body);
    },
  };
  try {
    return { delivery: await readDelivery(request, NOW), refused: undefined, bodies };
  } catch (thrown) {
    if (!(thrown instanceof BadCall)) throw thrown;
    return { delivery: undefined, refused: thrown.status, bodies };
  }
}

function after(ms: number): string {
  return new Date(NOW.getTime() + ms).toISOString();
}

describe('a schedule time', () => {
  test.each([
    [-1, '2026-11-20T13:59:00.000Z'],
    [0, '2026-11-20T14:00:00.000Z'],
    [1, '2026-11-20T14:00:00.000Z'],
    [299_999, '2026-11-20T14:04:00.000Z'],
    [300_000, '2026-11-20T14:05:00.000Z'],
  ])('of %i ms from now is that of the slot %s', async (ms, slot) => {
    expect((await read({ time: after(ms) })).delivery).toMatchObject({ kind: 'schedule', slot: new Date(slot) });
  });

  test.each([300_001, 360_000])('of %i ms from now is refused: a clock that is so wrong is a fault', async (ms) => {
    expect(await read({ time: after(ms) })).toMatchObject({ refused: 400, bodies: 0 });
  });

  test.each([
    ['2000-01-01T00:00:00Z', undefined],
    ['2000-01-01T00:00:00.000000001Z', undefined],
    ['1999-12-31T23:59:59.999Z', 400],
    ['2000-01-01T00:59:59+01:00', 400],
    ['2000-01-01T01:00:00+01:00', undefined],
    ['2026-11-20T13:59:59Z', undefined],
    ['2026-11-20T13:59:59.1Z', undefined],
    ['2026-11-20T13:59:59.123456789Z', undefined],
    ['2026-11-20T13:59:59.1234567890Z', 400],
    ['2026-11-20T13:59:59.Z', 400],
    ['2026-11-20T23:59:59+23:59', undefined],
    ['2026-11-19T24:00:00Z', 400],
    ['2026-11-20T13:60:00Z', 400],
    ['2026-11-20T13:59:60Z', 400],
    ['2024-02-29T00:00:00Z', undefined],
    ['2023-02-29T00:00:00Z', 400],
    ['2026-11-20 13:59:59Z', 400],
    ['2026-11-20t13:59:59Z', 400],
    ['2026-11-20T13:59:59z', 400],
    [' 2026-11-20T13:59:59Z', 400],
    ['2026-11-20T13:59:59Z ', 400],
    ['2026-11-20', 400],
    ['1795183199', 400],
  ])('%j is answered %s', async (time, refused) => {
    expect((await read({ time })).refused).toBe(refused);
  });
});

describe('a body', () => {
  test.each([0, 1, 65_535, 65_536])('of %i bytes is read, if there is nothing but space in it', async (bytes) => {
    expect((await read({ body: ' '.repeat(bytes) })).delivery).toEqual({
      kind: 'manual',
      playbookId: 'ops_test',
      start: {},
    });
  });

  test.each([65_537, 100_000])('of %i bytes is too large, whatever is in it', async (bytes) => {
    expect((await read({ body: ' '.repeat(bytes) })).refused).toBe(413);
    expect((await read({ body: 'x'.repeat(bytes) })).refused).toBe(413);
  });

  test('is measured in bytes, not in characters', async () => {
    expect((await read({ body: '\u00a0'.repeat(32_768) })).delivery).toMatchObject({ kind: 'manual' });
    expect((await read({ body: `\u00a0${'\u00a0'.repeat(32_768)}` })).refused).toBe(413);
  });

  test.each([
    ['', undefined],
    [' \n', undefined],
    ['{}', undefined],
    [' { } ', undefined],
    ['{"a":1}', 400],
    ['[]', 400],
    ['null', 400],
    ['{}{}', 400],
  ])('%j of a scheduled call is answered %s', async (body, refused) => {
    expect((await read({ time: after(0), body })).refused).toBe(refused);
  });
});

describe('the playbook of a call', () => {
  test.each([
    ['a'.repeat(64), undefined],
    ['a'.repeat(65), 400],
    ['a', undefined],
    ['A', 400],
    ['a-b', 400],
    ['', 400],
  ])('%s is answered %s', async (id, refused) => {
    expect((await read({ id })).refused).toBe(refused);
  });

  test.each(['', 'playbookId=', 'playbookId=a&playbookId=a', 'playbookid=a', 'playbookId=a&x=', 'playbookId=a%2Fb'])(
    'that is not one, named once, is refused before the body is read: %j',
    async (query) => {
      expect(await read({ query })).toEqual({ delivery: undefined, refused: 400, bodies: 0 });
    },
  );
});
