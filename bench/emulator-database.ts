import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { connect, type Client } from '#adapters/firestore/client.ts';
import type { BenchDatabase } from './database.ts';
import { floorHeader, floorStep } from './floor-record.ts';
import { timeRound } from './timing.ts';

/** The project under which the emulator stores the benchmark's documents. */
export const BENCH_PROJECT = 'demo-bench';
const AT_ONCE_WHILE_WARMING = 100;

/** The emulator that `FIRESTORE_EMULATOR_HOST` names, after `warmUpWrites` writes: a fresh one is slower. */
export async function openEmulator(warmUpWrites: number): Promise<BenchDatabase> {
  const client = await connect({ projectId: BENCH_PROJECT });
  await warmUp(client, warmUpWrites);
  const documents = firestoreDocuments({ projectId: BENCH_PROJECT });
  return {
    name: 'emulator',
    documents,
    floor: bareFloor(client),
    async close() {
      await documents.close();
      await client.close();
    },
  };
}

/** One awaited update per step, on the condition that nothing else wrote in between. */
function bareFloor({ db }: Client): BenchDatabase['floor'] {
  return async (id, steps) => {
    const document = db.collection('bench_floor').doc(id);
    let { writeTime } = await document.create(floorHeader(id));
    for (let index = 0; index < steps; index += 1) {
      const condition = { lastUpdateTime: writeTime };
      ({ writeTime } = await document.update(`steps.step_${index}`, floorStep(index), condition));
    }
  };
}

async function warmUp({ db }: Client, writes: number): Promise<void> {
  let written = 0;
  await timeRound(writes, AT_ONCE_WHILE_WARMING, async () => {
    written += 1;
    await db
      .collection('bench_warm_up')
      .doc(`document_${written % 500}`)
      .set(floorHeader(`warm_up_${written}`));
  });
}
