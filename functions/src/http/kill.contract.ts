import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution } from '#engine/record/execution.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { loadStatistics } from '#records/figures/load-statistics.ts';
import { sumOfDays } from '#records/figures/statistics-sum.ts';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { deliver, type DeliveryAnswer } from '#testing/runner/deliver.ts';
import { BOOKINGS, seedBookings } from '#testing/runner/booking-playbook.ts';
import { openLedger, type Ledger } from '#testing/runner/effect-ledger.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';
import { seededRandom } from '#testing/simulation/seeded-random.ts';

const KILLS = 20;
/** On a busy machine more kills miss; so many are tried until enough have hit. */
const MOST_KILLS = 3 * KILLS;
const ENOUGH_HITS = KILLS / 3;
const LEASE_MS = 400;
/** Executions take about this long, so that a kill may come at any moment of one, and before and after. */
const LATEST_KILL_MS = 260;
const SECRET = 'known-to-this-test-only';
const PLAYBOOK_ID = 'ops_killed';

/** `kill -9` of the built function in the middle of executions with outside effects, on any database. */
export function describeKills(openDatabase: () => RunnerDatabase): void {
  describe('a runner that is killed at any moment', () => {
    const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
    const random = seededRandom(seed);
    let functions: BuiltFunctions;
    let database: RunnerDatabase;
    let ledger: Ledger;
    const started: Promise<RunnerProcess>[] = [];

    beforeAll(async () => {
      functions = await buildFunctions();
      database = openDatabase();
      ledger = await openLedger();
      await seedBookings(database.documents, { id: PLAYBOOK_ID, ledgerUrl: ledger.server.url });
    }, 60_000);

    afterAll(async () => {
      for (const runner of await Promise.allSettled(started)) {
        if (runner.status === 'fulfilled') await runner.value.kill();
      }
      await database.close();
      await ledger.server.close();
      functions.remove();
    });

    function start(): Promise<RunnerProcess> {
      const runner = startRunnerProcess({
        source: functions.source,
        env: {
          ...database.env,
          CRON_SECRET: SECRET,
          PLAYBOOK_LEASE_MS: String(LEASE_MS),
          HTTP_ALLOW_PRIVATE: `${ledger.server.host}:${ledger.server.port}`,
        },
      });
      started.push(runner);
      return runner;
    }

    test(`leaves one record, in which every effect has one key and no recorded step ran again (KILL_SEED=${seed})`, async () => {
      let runner = await start();
      let interrupted = 0;
      const countedBefore = await countedSuccesses(database);
      // Of one moment: when the minute changes in between, no slot must come twice.
      const newestSlotMs = Math.floor(Date.now() / 60_000) * 60_000;
      for (let round = 0; round < KILLS || (interrupted < ENOUGH_HITS && round < MOST_KILLS); round += 1) {
        const slot = new Date(newestSlotMs - round * 60_000);
        const standby = start();
        const call = { secret: SECRET, playbookId: PLAYBOOK_ID, slot };
        const first = deliver({ ...call, url: runner.url }).catch(() => undefined);
        await delay(random() * LATEST_KILL_MS);
        await runner.kill();
        if ((await first) === undefined) interrupted += 1;
        const left = await loadExecution(database.documents, slotExecutionId(PLAYBOOK_ID, slot));

        runner = await standby;
        const answer = await deliverUntilFinal({ ...call, url: runner.url });

        const found = await whatIsThere(database, ledger, slot, left);
        const counted = (await countedSuccesses(database)) - countedBefore;
        expect({ kill: round + 1, counted, answer: answer.httpStatus, ...found }).toEqual({
          kill: round + 1,
          counted: round + 1,
          answer: 200,
          ...ONCE,
        });
      }
      // Else the kills missed the executions, and nothing was shown.
      expect(interrupted).toBeGreaterThanOrEqual(ENOUGH_HITS);
    }, 120_000);
  });
}

/** How many executions of all days have succeeded, by the figures of the playbook. */
async function countedSuccesses({ documents }: RunnerDatabase): Promise<number> {
  const statistics = await loadStatistics(documents, PLAYBOOK_ID);
  return sumOfDays(statistics, Object.keys(statistics.days)).succeeded;
}

/** Cloud Scheduler's deliveries, closer together than it makes them. */
async function deliverUntilFinal(call: Parameters<typeof deliver>[0]): Promise<DeliveryAnswer> {
  const limitMs = performance.now() + 15_000;
  for (;;) {
    const answer = await deliver(call);
    if (answer.httpStatus !== 202 || performance.now() > limitMs) return answer;
    await delay(100);
  }
}

const noPaths: readonly string[] = [];

/** What must be there after each kill. */
const ONCE = {
  records: 1,
  status: 'succeeded',
  results: ['any', 'any.refund', 'note', 'order', 'report', 'tell'],
  effects: BOOKINGS.map((path) => ({ path, called: true, calledMoreOftenThanTried: false })),
  otherKeys: 0,
  changedAfterwards: noPaths,
  threads: 1,
  messages: 1,
};

async function whatIsThere(
  { documents }: RunnerDatabase,
  ledger: Ledger,
  slot: Date,
  left: Execution | undefined,
): Promise<typeof ONCE> {
  const id = slotExecutionId(PLAYBOOK_ID, slot);
  const execution = await loadExecution(documents, id);
  const steps = execution?.steps ?? {};
  const keys = [...ledger.calls.keys()].filter((key) => key.startsWith(`${id}/`));
  const ended = Object.values(left?.steps ?? {}).filter(({ status }) => status !== 'running');
  return {
    records: await countOf(documents, 'playbook_executions', 'slot', slot),
    status: execution?.status ?? 'missing',
    results: execution !== undefined && 'results' in execution ? Object.keys(execution.results).toSorted() : [],
    // A call without an attempt would have been made behind the journal's back, or by a step that had ended before.
    effects: BOOKINGS.map((path) => {
      const calls = ledger.calls.get(`${id}/${path}`) ?? 0;
      const attempts = steps[path]?.attempts.length ?? 0;
      return { path, called: calls > 0, calledMoreOftenThanTried: calls > attempts };
    }),
    otherKeys: keys.length - BOOKINGS.length,
    changedAfterwards: ended.filter((step) => !isDeepStrictEqual(steps[step.path], step)).map(({ path }) => path),
    threads: await countOf(documents, 'playbook_threads', 'evidence.executionId', id),
    messages: await countOf(documents, 'playbook_notifications', 'executionId', id),
  };
}

async function countOf(
  documents: RunnerDatabase['documents'],
  collection: string,
  field: string,
  value: string | Date,
): Promise<number> {
  const { count } = await documents.aggregate({ collection, where: [{ field, op: '==', value }] });
  return count;
}
