import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { localServiceAccount } from '#testing/servers/local-service-account.ts';
import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { runScript, runSteps, seedProject, startBuiltFunction, type ProcessEnv } from './built-product.ts';

/** One action of an adapter at the Firestore emulator. */
interface FirestoreExchange {
  readonly title: string;
  readonly run: (surroundings: ProcessEnv) => Promise<void>;
}

const SPEND = { id: 'spend', type: 'tool_call', tool: 'getSpend' };

/** Writes, reads, counts and deletes a document; prints what was read. */
const ROUND = `
  import { takeEnvironment } from './functions/src/asked-environment.ts';
  import { firestoreDocuments } from './functions/src/adapters/firestore/documents.ts';
  const env = takeEnvironment();
  const documents = firestoreDocuments({ projectId: env.GOOGLE_CLOUD_PROJECT, preferRest: true });
  const path = 'playbook_metrics/one';
  await documents.commit([{ kind: 'create', path, data: { n: 1, at: new Date(0) } }]);
  const { data } = await documents.get(path);
  const { count } = await documents.aggregate({ collection: 'playbook_metrics' });
  await documents.commit([{ kind: 'delete', path }]);
  console.log(JSON.stringify({ data, count, left: await documents.get(path) ?? null }));
  await documents.close();
`;

/** Like `EXCHANGES`, for the adapters that need the Firestore emulator. */
export const FIRESTORE_EXCHANGES: Readonly<Record<string, readonly FirestoreExchange[]>> = {
  firestore: [
    {
      title: 'stores the record of an execution over gRPC',
      async run(surroundings) {
        const database = emulatorProject();
        await seedProject(database);
        const runner = await startBuiltFunction({ ...surroundings, ...database.env });
        try {
          expect(await runSteps(database, runner, [SPEND])).toMatchObject({ status: 'succeeded', stepsExecuted: 1 });
        } finally {
          await Promise.all([runner.kill(), database.close()]);
        }
      },
    },
    {
      title: 'writes, reads and counts over REST, in plain Node',
      async run(surroundings) {
        const projectId = `demo-${randomUUID().slice(0, 13)}`;
        const { exitCode, output } = await runScript(['--input-type=module', '-e', ROUND], {
          ...surroundings,
          GOOGLE_CLOUD_PROJECT: projectId,
          GOOGLE_APPLICATION_CREDENTIALS: localServiceAccount(projectId),
          FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
        });

        const read = { data: { n: 1, at: '1970-01-01T00:00:00.000Z' }, count: 1, left: null };
        expect([exitCode, output.trim()]).toEqual([0, JSON.stringify(read)]);
      },
    },
  ],
};
