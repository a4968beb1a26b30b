import { DAY_MS } from '#core/duration.ts';
import type { DocumentData } from '#ports/documents/documents.ts';
import { bucketOf } from '#records/figures/duration-histogram.ts';
import { PLAYBOOK_STATISTICS } from '#records/figures/playbook-statistics.ts';
import { lastDays, lastHours } from '#records/store/utc-periods.ts';
import { openRunner, seedSteps } from './bench-runner.ts';
import type { BenchDatabase } from './database.ts';
import { rounded } from './figures.ts';
import { interleavedRounds, timeRound, type Round, type Rounds } from './timing.ts';

const STEPS = 10;
const AT_ONCE = [1, 100] as const;
const DAYS = 63;
const HOURS = 49;
const CRITERIA = 10;
const DURATIONS = 24;

/** Executions of a playbook with two months of statistics, compared with those of a new one. */
export interface AgedPlaybook {
  readonly bench: 'aged-playbook';
  readonly database: BenchDatabase['name'];
  readonly atOnce: number;
  readonly aged: Round;
  readonly fresh: Round;
  /** The p50 of the aged playbook divided by that of the new one. */
  readonly agedByFresh: number;
}

/** Measures both playbooks in interleaved rounds. */
export async function benchAgedPlaybook(
  { name, documents }: BenchDatabase,
  amount: Rounds,
): Promise<readonly AgedPlaybook[]> {
  const runner = openRunner(documents);
  const [fresh, aged] = [await seedSteps(documents, STEPS, 'fresh'), await seedSteps(documents, STEPS, 'aged')];
  await documents.commit([{ kind: 'set', path: `${PLAYBOOK_STATISTICS}/${aged}`, data: twoMonths(aged, new Date()) }]);
  const deliver = (id: string) => async (): Promise<void> => void (await runner.deliver(id));
  for (const id of [fresh, aged]) await timeRound(amount.executions, 10, deliver(id));

  const results: AgedPlaybook[] = [];
  for (const atOnce of AT_ONCE) {
    const [young, old] = await interleavedRounds(amount, atOnce, [deliver(fresh), deliver(aged)]);
    const agedByFresh = rounded(old.p50Ms / young.p50Ms);
    results.push({ bench: 'aged-playbook', database: name, atOnce, aged: old, fresh: young, agedByFresh });
  }
  return results;
}

/** What ends have left that came every hour, measured ten criteria, and met every band each day. */
function twoMonths(playbookId: string, now: Date): DocumentData {
  const earlier = new Date(now.getTime() - DAY_MS);
  const criterion = { ok: 6, warn: 6, alert: 6, unknown: 6, last: 1.5, at: earlier };
  const criteria = Array.from({ length: CRITERIA }, (_, index) => [`integration_latency_${index}`, criterion]);
  const buckets = Array.from({ length: DURATIONS }, (_, index) => [bucketOf(1_000 + 997 * index), 1]);
  const day = {
    succeeded: 23,
    failed: 1,
    durationMs: 24_000,
    histogram: Object.fromEntries(buckets),
    criteria: Object.fromEntries(criteria),
  };
  return {
    playbookId,
    days: Object.fromEntries(lastDays(earlier, DAYS).map((name) => [name, day])),
    hours: Object.fromEntries(lastHours(now, HOURS).map((name) => [name, { succeeded: 1 }])),
  };
}
