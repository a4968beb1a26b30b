import { randomUUID } from 'node:crypto';
import type { App } from '#functions/app.ts';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import { inParallel } from '#tools/in-parallel.ts';
import { seedPastCompany } from '../company/seed-company.ts';
import { batchesOf } from './delivery-batches.ts';
import { deliveryPlan, type PlannedDelivery } from './delivery-plan.ts';
import type { Trouble } from './history-script.ts';
import type { HistoryOptions, HistorySummary } from './history.ts';
import { deliver, type Answered } from './past-delivery.ts';
import { peopleAtWork } from './people-at-work.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { TroubledWorld } from './troubled-world.ts';

/** A stretch of the past, and the product in it. */
export interface Past extends HistoryOptions {
  readonly app: App;
  readonly clock: SimulatedClock;
  readonly from: Date;
  readonly script: readonly Trouble[];
  readonly troubled: TroubledWorld;
}

/**
 * Delivers every past slot that has no record, day by day, until `stop` aborts; troubles come and go as scripted, and
 * people decide. At the end, nothing is wrong any more. Throws `internal` if a delivery gets an unexpected answer.
 */
export async function deliverPast(past: Past): Promise<HistorySummary> {
  const { app, definitions, from, now, days } = past;
  const playbooks = definitions.playbooks.map(({ playbook }) => playbook);
  const plan = deliveryPlan(playbooks, { from, now });
  const recorded = await recordedIds(app.documents, from);
  const missing = plan.filter(({ playbookId, slot }) => !recorded.has(slotExecutionId(playbookId, slot)));
  const answers = await deliverAll(missing, past);
  return {
    days,
    delivered: answers.length,
    present: plan.length - missing.length,
    byPlaybook: counts(answers.map(({ playbookId }) => playbookId)),
    byStatus: counts(answers.map(({ status }) => status)),
    stopped: answers.length < missing.length,
  };
}

async function deliverAll(missing: readonly PlannedDelivery[], past: Past): Promise<readonly Answered[]> {
  const { app, now, stop, troubled } = past;
  const answers: Answered[] = [];
  const answered = (answer: Answered, day: Date): void => {
    answers.push(answer);
    past.onProgress({ delivered: answers.length, total: missing.length, day });
  };
  try {
    for (const day of byDay(missing)) {
      if (stop.aborted) break;
      const last = day.at(-1)?.deliveredAt ?? now;
      await seedPastCompany(app.documents, last);
      await deliverDay(day, past, answered);
      await peopleAtWork(worldOf(past), { until: last, now });
    }
    if (!stop.aborted && missing.length > 0) await peopleAtWork(worldOf(past), { until: now, now });
  } finally {
    await troubled.become([], worldOf(past));
  }
  return answers;
}

async function deliverDay(
  day: readonly PlannedDelivery[],
  past: Past,
  answered: (answer: Answered, slot: Date) => void,
): Promise<void> {
  for (const batch of batchesOf(day, past.script)) {
    if (past.stop.aborted) return;
    await past.troubled.become(batch.troubles, worldOf(past));
    await inParallel(batch.deliveries, batch.parallel, async (delivery) =>
      answered(await deliver(delivery, past), delivery.slot),
    );
  }
}

/** What people and troubles change the past with. */
function worldOf({ app, clock, definitions }: Past) {
  return { app, clock, definitions, documents: app.documents, newId: randomUUID };
}

/** Executions that a killed history left behind count as missing: delivered again, they are resumed. */
async function recordedIds(documents: Documents, from: Date): Promise<ReadonlySet<string>> {
  const found = await documents.query({
    collection: EXECUTIONS,
    where: [{ field: 'slot', op: '>=', value: from }],
    select: ['status'],
  });
  return new Set(
    found.filter(({ data }) => data['status'] !== 'running' && data['status'] !== 'waiting').map(({ id }) => id),
  );
}

function byDay(deliveries: readonly PlannedDelivery[]): Iterable<readonly PlannedDelivery[]> {
  return Map.groupBy(deliveries, ({ deliveredAt }) => deliveredAt.toISOString().slice(0, 10)).values();
}

function counts(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
