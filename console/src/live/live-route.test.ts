import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestConsole, TEST_PERSON, type TestConsole } from '#console/testing/test-console.ts';

let console: TestConsole;

beforeEach(async () => (console = await openTestConsole()));
afterEach(() => console.close());

/** Opens a connection; the returned function ends it as a browser does that goes away. */
async function connect(topic = 'now'): Promise<{ readonly status: number; end(): Promise<void> }> {
  const { status, body } = await console.get(`/live?topic=${encodeURIComponent(topic)}`);
  return { status, end: async () => body?.cancel() };
}

async function connectTimes(count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) statuses.push((await connect()).status);
  return statuses;
}

describe('live events', () => {
  test('begin at once, with word of where they come from', async () => {
    const { body, headers } = await console.get('/live?topic=now');
    const reader = body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(new TextDecoder().decode(value)).toContain('event: open');
    await reader?.cancel();
  });

  test.each([
    'thread/..',
    'thread/.',
    'thread/__id__',
    'thread/a/comments/b',
    'execution/%2e%2e/x',
    'constructor',
    '__proto__',
    '',
    'thread/'.padEnd(400, 'x'),
  ])('there are none for %j, and asking takes nobody a place', async (topic) => {
    for (let index = 0; index < 60; index += 1) expect((await connect(topic)).status).toBe(404);
    expect((await connect()).status).toBe(200);
  });

  test('are for 40 connections of one person, so that others have theirs', async () => {
    const statuses = await connectTimes(41);
    expect(statuses.filter((status) => status === 200)).toHaveLength(40);
    expect(statuses.at(-1)).toBe(503);
    console.become({ ...TEST_PERSON, uid: 'bob' });
    expect((await connect()).status).toBe(200);
  });

  test('are for 500 connections in all', async () => {
    for (let person = 0; person < 13; person += 1) {
      console.become({ ...TEST_PERSON, uid: `person-${person}` });
      await connectTimes(40);
    }
    console.become({ ...TEST_PERSON, uid: 'the last' });
    expect((await connect()).status).toBe(503);
  });

  test('give the place of a browser that goes away to the next', async () => {
    for (let index = 0; index < 100; index += 1) {
      const { status, end } = await connect();
      expect(status).toBe(200);
      await end();
    }
  });

  test('end after ten minutes, also for a browser that reads none of them', async () => {
    await connectTimes(40);
    console.clock.advance(10 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await connect()).status).toBe(200);
  });

  test('take no place for a caller that requests the head alone', async () => {
    for (let index = 0; index < 60; index += 1) {
      const { status, body } = await console.head('/live?topic=now');
      expect([status, body]).toEqual([200, null]);
    }
    expect((await connect()).status).toBe(200);
  });
});
