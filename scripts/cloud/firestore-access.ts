import { once } from 'node:events';
import { connect } from 'node:net';
import { requireGoogleCredentials } from './google-project.ts';
import { PlaybookError } from '#core/failure.ts';
import { readHostPort } from './host-port.ts';
import type { Terminal } from '../terminal/terminal.ts';

const ANSWER_MS = 2_000;

/**
 * Resolves if Firestore can be reached from here: its emulator answers at FIRESTORE_EMULATOR_HOST, or without one,
 * Google credentials exist. The client itself would keep trying for most of a minute. With the emulator,
 * the client then looks for no metadata server. Throws `unconfigured`, `unavailable` or `unauthenticated`, with what to do.
 */
export async function requireFirestore(env: Terminal['env']): Promise<void> {
  const emulator = env['FIRESTORE_EMULATOR_HOST'];
  if (emulator) return requireEmulator(emulator);
  await requireGoogleCredentials(
    'PLAYBOOK_DATABASE=sqlite:.data/playbooks.db for the database of npm start, FIRESTORE_EMULATOR_HOST for the emulator',
  );
}

async function requireEmulator(address: string): Promise<void> {
  // The emulator needs no credentials, and looking for a metadata server that does not exist takes seconds.
  process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  const socket = connect(readHostPort('FIRESTORE_EMULATOR_HOST', address));
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (cause) {
    throw new PlaybookError(
      'unavailable',
      `No Firestore emulator answers at ${address}, which FIRESTORE_EMULATOR_HOST names. Start it there, or unset the variable.`,
      { cause },
    );
  } finally {
    socket.destroy();
  }
}
