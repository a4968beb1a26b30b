import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';

/** Over raw sockets, because a client of HTTP would not do what these callers do. */
const SECRET = 'a-secret-of-thirty-two-characters';
const BODY_LIMIT_MS = 5_000;
/** A busy machine answers late; a body that is waited for takes longer than this. */
const AT_ONCE_MS = 2_000;

let folder: string;
let built: BuiltFunctions;
let runner: RunnerProcess;
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playbook-slow-callers-'));
  built = await buildFunctions();
  const env = { CRON_SECRET: SECRET, PLAYBOOK_DATABASE: `sqlite:${join(folder, 'playbooks.db')}` };
  runner = await startRunnerProcess({ source: built.source, env });
  // The first call waits for the app; what is measured here does not.
  await fetch(runner.url, { method: 'POST' });
}, 60_000);

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await runner.kill();
  built.remove();
  rmSync(folder, { recursive: true });
});

interface RawCall {
  readonly method?: string;
  readonly path?: string;
  readonly headers: readonly string[];
  /** What follows the headers at once. */
  readonly then?: string;
  readonly secret?: string;
}

function rawCall({ method = 'POST', path = '/?playbookId=daily', headers, then = '', secret }: RawCall): string {
  const authorization = secret === undefined ? [] : [`Authorization: Bearer ${secret}`];
  return [`${method} ${path} HTTP/1.1`, 'Host: x', ...authorization, ...headers, '', then].join('\r\n');
}

/** What a caller has got on one connection. */
interface Caller {
  send(text: string | Uint8Array): boolean;
  received(): string;
  readonly socket: Socket;
  /** Resolves to after how many milliseconds the other side has ended the connection. */
  readonly ended: Promise<number>;
  /** Resolves to after how many milliseconds this was received. */
  receives(text: string): Promise<number>;
}

function call(text: string): Caller {
  const socket = connect(Number(new URL(runner.url).port), '127.0.0.1');
  sockets.add(socket);
  const sinceMs = performance.now();
  const elapsedMs = (): number => performance.now() - sinceMs;
  let received = '';
  socket.setEncoding('latin1').on('data', (piece) => (received += String(piece)));
  socket.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    socket.once('end', () => resolve(elapsedMs())).once('close', () => resolve(elapsedMs()));
  });
  socket.write(text);
  return {
    send: (more) => socket.write(more),
    received: () => received,
    socket,
    ended,
    async receives(expected) {
      while (!received.includes(expected) && elapsedMs() < 20_000) await delay(5);
      expect(received).toContain(expected);
      return elapsedMs();
    },
  };
}

function statusesOf(caller: Caller): readonly number[] {
  return Array.from(caller.received().matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status));
}

describe('a stranger', () => {
  test.each<[string, RawCall]>([
    ['who promises a body and sends one byte', { headers: ['Content-Length: 10'], then: 'x' }],
    ['who promises a body and sends none', { headers: ['Content-Length: 10'] }],
    ['who promises 50 MB', { headers: ['Content-Length: 50000000'], then: 'x'.repeat(100_000) }],
    ['who sends pieces without end', { headers: ['Transfer-Encoding: chunked'], then: '5\r\nhello\r\n' }],
    ['who knows a wrong secret', { headers: ['Content-Length: 10'], secret: 'wrong' }],
    ['who names no playbook', { headers: ['Content-Length: 10'], path: '/?x=1' }],
  ])('%s is refused by the headers alone, and cut off', async (_, raw) => {
    const caller = call(rawCall(raw));

    expect(await caller.receives('"error":"Unauthorized"}')).toBeLessThan(AT_ONCE_MS);
    expect(await caller.ended).toBeLessThan(AT_ONCE_MS);
    expect(caller.received()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(caller.received()).toMatch(/\r\nconnection: close\r\n/i);
  });

  test('who waits to be asked for the body is not asked', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 50000000', 'Expect: 100-continue'] }));

    await caller.ended;

    expect(statusesOf(caller)).toEqual([401]);
  });

  test('who sends on without end gets rid of no more than what the connection holds', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 1000000000'] }));
    const block = Buffer.alloc(1_000_000);
    const untilMs = performance.now() + 8_000;
    while (!caller.socket.destroyed && performance.now() < untilMs) {
      if (caller.socket.writableLength < block.length) caller.send(block);
      await delay(1);
    }

    expect(caller.socket.destroyed).toBe(true);
    expect(caller.socket.bytesWritten - caller.socket.writableLength).toBeLessThan(50_000_000);
    expect(statusesOf(caller)).toEqual([401]);
  });

  test('whose body holds a second call has that one not heard', async () => {
    const inner = rawCall({ path: '/?playbookId=smuggled', headers: ['Content-Length: 0'], secret: SECRET });
    const caller = call(rawCall({ headers: [`Content-Length: ${inner.length + 10}`] }));
    await caller.receives('Unauthorized"}');
    caller.send(inner);
    caller.send(`${' '.repeat(10)}${inner}`);

    await caller.ended;
    await delay(200);

    expect(statusesOf(caller)).toEqual([401]);
    expect(runner.output()).not.toContain('smuggled');
  });

  test('whose call was whole is followed by the next call on the same connection', async () => {
    const known = rawCall({ headers: ['Content-Length: 0'], secret: SECRET });
    const caller = call(rawCall({ headers: ['Content-Length: 2'], then: '{}' }) + known);

    await caller.receives('Unknown playbook daily');

    expect(statusesOf(caller)).toEqual([401, 404]);
    caller.socket.destroy();
  });

  test('keeps nobody from being answered, in whatever number he comes', async () => {
    const slow = Array.from({ length: 200 }, () => call(rawCall({ headers: ['Content-Length: 10'], then: 'x' })));

    const known = call(rawCall({ headers: ['Content-Length: 0'], secret: SECRET }));
    expect(await known.receives('Unknown playbook daily')).toBeLessThan(AT_ONCE_MS);

    const ends = await Promise.all(slow.map(({ ended }) => ended));
    expect(Math.max(...ends)).toBeLessThan(2 * AT_ONCE_MS);
    known.socket.destroy();
  });
});

describe('a known caller', () => {
  test.each<[string, RawCall]>([
    ['whose body does not come', { headers: ['Content-Length: 10'] }],
    ['whose body is not finished', { headers: ['Transfer-Encoding: chunked'], then: '2\r\n{}\r\n' }],
  ])('%s is told so in JSON after five seconds', async (_, raw) => {
    const caller = call(rawCall({ ...raw, secret: SECRET }));

    const tookMs = await caller.ended;

    expect(tookMs).toBeGreaterThan(BODY_LIMIT_MS - 100);
    expect(tookMs).toBeLessThan(BODY_LIMIT_MS + AT_ONCE_MS);
    expect(statusesOf(caller)).toEqual([408]);
    expect(JSON.parse(caller.received().split('\r\n\r\n')[1] ?? '')).toEqual({
      success: false,
      status: 'refused',
      error: 'The body did not arrive within 5 s. Send it immediately, or send none.',
    });
  });

  test('whose body drips is told so after five seconds, however often it drips', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 1000'], secret: SECRET }));
    const dripping = setInterval(() => caller.send(' '), 100);

    const tookMs = await caller.ended;
    clearInterval(dripping);

    expect(tookMs).toBeLessThan(BODY_LIMIT_MS + AT_ONCE_MS);
    expect(statusesOf(caller)).toEqual([408]);
  });

  test('who waits to be asked for the body is asked', async () => {
    const headers = ['Content-Length: 2', 'Expect: 100-continue'];
    const caller = call(rawCall({ headers, secret: SECRET }));
    await caller.receives('100 Continue');

    caller.send('{}');
    await caller.receives('Unknown playbook daily');

    expect(statusesOf(caller)).toEqual([100, 404]);
    caller.socket.destroy();
  });

  test.each<[string, number, Omit<RawCall, 'headers'>]>([
    ['by GET', 405, { method: 'GET' }],
    ['by HEAD', 405, { method: 'HEAD' }],
    ['with another parameter', 400, { path: '/?playbookId=daily&force=1' }],
    ['without a playbook', 400, { path: '/' }],
  ])('who calls %s is answered %i before the body is there', async (_, status, raw) => {
    const caller = call(rawCall({ ...raw, headers: ['Content-Length: 10'], secret: SECRET }));

    expect(await caller.ended).toBeLessThan(AT_ONCE_MS);
    expect(statusesOf(caller)).toEqual([status]);
  });

  test('who sends 50 MB is answered when the first 64 KB are there, and cut off', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 50000000'], then: 'x'.repeat(70_000), secret: SECRET }));

    expect(await caller.ended).toBeLessThan(AT_ONCE_MS);
    expect(statusesOf(caller)).toEqual([413]);
  });

  test('whose next call comes after the time for the first one is not heard', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 10'], secret: SECRET }));
    await caller.receives('408 Request Timeout');
    const next = rawCall({ path: '/?playbookId=too_late', headers: ['Content-Length: 0'], secret: SECRET });
    caller.send(' '.repeat(10) + next);

    await delay(500);

    expect(statusesOf(caller)).toEqual([408]);
    expect(runner.output()).not.toContain('too_late');
  });

  test('who hangs up in the middle of the body has started nothing', async () => {
    const headers = ['Content-Length: 10'];
    const caller = call(rawCall({ path: '/?playbookId=hung_up', headers, secret: SECRET }));
    await delay(100);
    caller.socket.destroy();
    await delay(100);

    expect((await fetch(runner.url, { method: 'POST' })).status).toBe(401);
    expect(runner.output()).not.toContain('hung_up');
  });

  test('who says Connection: close is answered, and the connection ends', async () => {
    const caller = call(rawCall({ headers: ['Content-Length: 2', 'Connection: close'], then: '{}', secret: SECRET }));

    expect(await caller.ended).toBeLessThan(AT_ONCE_MS);
    expect(statusesOf(caller)).toEqual([404]);
  });

  test('whose two calls come in one piece gets both answers in their order', async () => {
    const one = rawCall({ headers: ['Content-Length: 2'], then: '{}', secret: SECRET });
    const caller = call(one + rawCall({ headers: ['Content-Length: 0'], path: '/', secret: SECRET }));

    await caller.receives('exactly once');

    expect(statusesOf(caller)).toEqual([404, 400]);
    caller.socket.destroy();
  });
});
