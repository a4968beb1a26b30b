import { DatabaseSync } from 'node:sqlite';
import { emulatorProject, sqliteFile, type RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { startTcpProxy } from '#testing/servers/tcp-proxy.ts';
import type { NetworkFault } from './fault.ts';

/** Which database the runners use. */
export const DATABASES = ['sqlite', 'emulator'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** A database that runners lose while this process keeps it. */
export interface ChaosDatabase extends RunnerDatabase {
  readonly name: DatabaseName;
  /** Makes the network bad; undefined if there is none. */
  readonly disturb: ((how: NetworkFault) => void) | undefined;
  /** From now on the runners can write nothing. */
  fail(): void;
  /** All is well again. */
  recover(): void;
}

/** Opens an empty database; the emulator is the one that `FIRESTORE_EMULATOR_HOST` names. */
export function openChaosDatabase(name: DatabaseName): Promise<ChaosDatabase> {
  return name === 'sqlite' ? lockableFile() : emulatorBehindProxy();
}

/** Another process that never ends its transaction. */
async function lockableFile(): Promise<ChaosDatabase> {
  const database = sqliteFile();
  const other = new DatabaseSync(database.env['PLAYBOOK_DATABASE']?.replace('sqlite:', '') ?? '', { timeout: 5_000 });
  return {
    ...database,
    name: 'sqlite',
    disturb: undefined,
    fail() {
      if (!other.isTransaction) other.exec('BEGIN IMMEDIATE');
    },
    recover() {
      if (other.isTransaction) other.exec('ROLLBACK');
    },
    async close() {
      other.close();
      await database.close();
    },
  };
}

async function emulatorBehindProxy(): Promise<ChaosDatabase> {
  const database = emulatorProject();
  const [host = '', port = ''] = (database.env['FIRESTORE_EMULATOR_HOST'] ?? '').split(':');
  const proxy = await startTcpProxy({ host, port: Number(port) });
  return {
    ...database,
    env: { ...database.env, FIRESTORE_EMULATOR_HOST: `${proxy.host}:${proxy.port}` },
    name: 'emulator',
    disturb: (how) => proxy.become(how),
    fail: () => proxy.become('refuse'),
    recover: () => proxy.become('pass'),
    async close() {
      await proxy.close();
      await database.close();
    },
  };
}
