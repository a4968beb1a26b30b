import { describe, expect, test } from 'vitest';
import { startLocalServer } from '#testing/servers/local-server.ts';
import { requireFirestore } from './firestore-access.ts';
import { main as playbook } from '../commands/playbook.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { main as seed } from '../commands/seed-operational-playbooks.ts';

/** A port on which nothing listens any more. */
async function closedPort(): Promise<string> {
  const server = await startLocalServer(() => ({ kind: 'hang' }));
  await server.close();
  return `${server.host}:${server.port}`;
}

describe('the emulator that FIRESTORE_EMULATOR_HOST names', () => {
  test('is enough if it answers', async () => {
    const server = await startLocalServer(() => ({ kind: 'hang' }));
    try {
      const env = { FIRESTORE_EMULATOR_HOST: `${server.host}:${server.port}` };
      await expect(requireFirestore(env)).resolves.toBeUndefined();
    } finally {
      await server.close();
    }
  });

  test('keeps the client from looking for a server of Google that knows this machine', async () => {
    const server = await startLocalServer(() => ({ kind: 'hang' }));
    delete process.env['METADATA_SERVER_DETECTION'];
    try {
      await requireFirestore({ FIRESTORE_EMULATOR_HOST: `${server.host}:${server.port}` });

      expect(process.env['METADATA_SERVER_DETECTION']).toBe('none');
    } finally {
      process.env['METADATA_SERVER_DETECTION'] = 'none';
      await server.close();
    }
  });

  test('is reported as missing if it does not answer', async () => {
    const address = await closedPort();

    await expect(requireFirestore({ FIRESTORE_EMULATOR_HOST: address })).rejects.toMatchObject({
      code: 'unavailable',
      message: `No Firestore emulator answers at ${address}, which FIRESTORE_EMULATOR_HOST names. Start it there, or unset the variable.`,
    });
  });

  test.each(['nonsense', 'http://127.0.0.1:8080', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:99999', ':8080'])(
    'is refused if it is %s',
    async (address) => {
      await expect(requireFirestore({ FIRESTORE_EMULATOR_HOST: address })).rejects.toMatchObject({
        code: 'unconfigured',
        message: `FIRESTORE_EMULATOR_HOST must be host:port, like 127.0.0.1:8080, not '${address}'.`,
      });
    },
  );
});

describe('a command', () => {
  test.each([
    ['npm run seed', (terminal: ReturnType<typeof recordingTerminal>) => seed([], terminal)],
    ['npm run playbook -- list', (terminal: ReturnType<typeof recordingTerminal>) => playbook(['list'], terminal)],
    [
      'npm run playbook -- run',
      (terminal: ReturnType<typeof recordingTerminal>) => playbook(['run', 'ops_x'], terminal),
    ],
  ])('says at once that the emulator does not answer: %s', async (_, call) => {
    const env = { FIRESTORE_EMULATOR_HOST: await closedPort(), GOOGLE_CLOUD_PROJECT: 'demo-nobody' };
    const terminal = recordingTerminal({ env });

    expect(await call(terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('No Firestore emulator answers at')]);
  });

  test.each([
    ['list'],
    ['run', 'ops_x'],
    ['executions'],
    ['show', 'ops_x_1'],
    ['end', 'ops_x_1', '--reason', 'Its machine is gone.'],
    ['audit'],
  ])('takes the project that it asks for: npm run playbook -- %s', async (...call) => {
    const terminal = recordingTerminal({
      directory: import.meta.dirname,
      env: { FIRESTORE_EMULATOR_HOST: await closedPort() },
    });

    expect(await playbook(call, terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('Pass --project ID')]);
    expect(await playbook([...call, '--project', 'demo-nobody'], terminal)).toBe(1);
    expect(terminal.errors.at(-1)).toContain('No Firestore emulator answers at');
  });
});
