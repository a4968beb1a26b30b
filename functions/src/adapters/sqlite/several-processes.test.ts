import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { sqliteDocuments } from './documents.ts';

const module = new URL('./documents.ts', import.meta.url).href;

function freshFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'documents-')), 'deeper', 'test.sqlite');
}

/** Another process that runs `body` with `documents` open on the file. Whatever it writes to stderr ends up in `noise`. */
function otherProcess(file: string, body: string): { readonly child: ChildProcess; readonly noise: () => string } {
  const script = `
    import { sqliteDocuments } from ${JSON.stringify(module)};
    const documents = sqliteDocuments({ file: ${JSON.stringify(file)} });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let noise = '';
  child.stderr.on('data', (chunk: Buffer) => (noise += chunk.toString()));
  return { child, noise: () => noise };
}

test('what is written survives closing and opening, in a folder that did not exist', async () => {
  const file = freshFile();
  const first = sqliteDocuments({ file });
  const updateTime = await first.commit([{ kind: 'create', path: 'c/a', data: { when: new Date(5) } }]);
  await first.close();
  const second = sqliteDocuments({ file });
  expect(await second.get('c/a')).toMatchObject({ data: { when: new Date(5) }, updateTime });
  await second.close();
});

test('four processes that open a new file and count together lose nothing, and print no warning', async () => {
  const file = freshFile();
  const body = `
    await documents.commit([{ kind: 'create', path: 'c/n', data: { n: 0 } }]).catch(() => undefined);
    for (let done = 0; done < 25; ) {
      const { data, updateTime } = await documents.get('c/n');
      const changes = [{ field: ['n'], value: data.n + 1 }];
      done += await documents.commit([{ kind: 'update', path: 'c/n', changes, ifUpdateTime: updateTime }])
        .then(() => 1, (error) => { if (error.code !== 'conflict') throw error; return 0; });
    }
    await documents.close();`;
  const processes = Array.from({ length: 4 }, () => otherProcess(file, body));
  const codes = await Promise.all(processes.map(async ({ child }) => (await once(child, 'exit'))[0]));
  expect(processes.map(({ noise }) => noise()).join('')).toBe('');
  expect(codes).toEqual([0, 0, 0, 0]);
  const documents = sqliteDocuments({ file });
  expect((await documents.get('c/n'))?.data).toEqual({ n: 100 });
  await documents.close();
});

test('what a process has committed is there after kill -9, and nothing half done', async () => {
  const file = freshFile();
  const { child } = otherProcess(
    file,
    `for (let n = 1; ; n += 1) {
      await documents.commit([
        { kind: 'set', path: 'c/left', data: { n, pad: 'x'.repeat(5000) } },
        { kind: 'set', path: 'c/right', data: { n } },
      ]);
      console.log(n);
    }`,
  );
  let told = 0;
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on('line', (line) => {
    told = Number(line);
    if (told === 30) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  const documents = sqliteDocuments({ file });
  const left = await documents.get('c/left');
  expect(Number(left?.data['n'])).toBeGreaterThanOrEqual(told);
  expect((await documents.get('c/right'))?.data['n']).toBe(left?.data['n']);
  await documents.close();
});

test('a watcher sees what another process writes', async () => {
  const file = freshFile();
  const documents = sqliteDocuments({ file });
  const seen = new Promise((resolve, reject) => {
    const stop = documents.watch(
      { collection: 'c' },
      ([found]) => {
        if (found === undefined) return;
        stop();
        resolve(found.data);
      },
      reject,
    );
  });
  otherProcess(file, `await documents.commit([{ kind: 'create', path: 'c/a', data: { n: 1 } }]);`);
  expect(await seen).toEqual({ n: 1 });
  await documents.close();
});

test('a commit that another process holds up for 5 seconds is unavailable, and works again afterwards', async () => {
  const file = freshFile();
  const clock = fakeClock();
  const documents = sqliteDocuments({ file, clock });
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  const startedAt = clock.now().getTime();
  const commit = documents.commit([{ kind: 'create', path: 'c/a', data: {} }]);
  await expect(commit).rejects.toMatchObject({ code: 'unavailable' });
  expect(clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(5_000);
  holder.exec('ROLLBACK');
  await documents.commit([{ kind: 'create', path: 'c/a', data: {} }]);
  holder.close();
  await documents.close();
});

test('a file that is no database and a closed database are unavailable', async () => {
  expect(() => sqliteDocuments({ file: new URL(import.meta.url).pathname })).toThrow(
    'cannot be opened: file is not a database. Move it away, so that a new one is created, or set another file.',
  );
  const documents = sqliteDocuments({ file: ':memory:' });
  await documents.close();
  await expect(documents.get('c/a')).rejects.toMatchObject({ code: 'unavailable' });
});

test('a file of a newer version is refused instead of being misread', async () => {
  const file = freshFile();
  await sqliteDocuments({ file }).close();
  expect(existsSync(file)).toBe(true);
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => sqliteDocuments({ file })).toThrow('use the version that wrote it');
});

test('times move forward although the clock goes back', async () => {
  const file = freshFile();
  const later = sqliteDocuments({ file, clock: fakeClock('2026-11-20T14:00:00.000Z') });
  const first = await later.commit([{ kind: 'create', path: 'c/a', data: {} }]);
  await later.close();
  const earlier = sqliteDocuments({ file, clock: fakeClock('2020-01-01T00:00:00.000Z') });
  const second = await earlier.commit([{ kind: 'set', path: 'c/a', data: {} }]);
  expect(Number(second)).toBeGreaterThan(Number(first));
  const stored = await earlier.get('c/a');
  expect(stored?.readAt.getTime()).toBeGreaterThanOrEqual(stored?.updatedAt.getTime() ?? Infinity);
  await earlier.close();
});
