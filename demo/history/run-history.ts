import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createApp, type App } from '#functions/app.ts';
import { readConfig, type Environment } from '#functions/config.ts';
import type { Definitions } from '#language/source/load-directory.ts';
import { jobNameOf } from '#scheduler/scheduler-plan.ts';
import { DAY_MS } from '#core/duration.ts';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { inParallel } from '#tools/in-parallel.ts';
import { deliveryPlan, type PlannedDelivery } from './delivery-plan.ts';
import { historyScript, troublesAt, type Trouble } from './history-script.ts';
import { startIntegrationsServer } from '../servers/integrations-server.ts';
import { startModelServer } from '../servers/model-server.ts';
import { peopleAtWork } from './people-at-work.ts';
import { rewindHealth } from './rewound-health.ts';
import { seedCompany, seedPastCompany } from '../company/seed-company.ts';
import { simulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { troubledWorld, type TroubledWorld } from './troubled-world.ts';

const PARALLEL_DELIVERIES = 8;
/** Nobody outside ever calls this runner. */
const CRON_SECRET = randomUUID();

/** What a history is made of. */
export interface HistoryOptions {
  readonly definitions: Definitions;
  /** Names the database as the product's own environment does; nothing else of it is used. */
  readonly database: Environment;
  readonly days: number;
  /** When the past ends: the slots that a start would run now are left to it. */
  readonly now: Date;
  /** Once it aborts, nothing new is delivered; what is under way ends, and the world is put in order. */
  readonly stop: AbortSignal;
  onProgress(progress: HistoryProgress): void;
}

/** How far a history is. */
export interface HistoryProgress {
  readonly delivered: number;
  readonly total: number;
  /** The simulated day. */
  readonly day: Date;
}

/** What a history came to. */
export interface HistorySummary {
  readonly days: number;
  readonly delivered: number;
  /** Slots that had a record before. */
  readonly present: number;
  readonly byPlaybook: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly stopped: boolean;
}

/**
 * Runs the playbooks over days of the past of the demo company, on the real engine: each slot is delivered as Cloud Scheduler
 * would have delivered it, to executions labelled `simulated: history`; integrations fail as scripted, and people decide.
 * Slots that have a record are left alone. At the end the company, the settings and the switches are those of `now`.
 * Throws `rejected` where the database holds users of somebody else, `internal` when a delivery is not answered as it
 * must be, and what the database throws.
 */
export async function runHistory(options: HistoryOptions): Promise<HistorySummary> {
  const { definitions, now, days } = options;
  const clock = simulatedClock();
  const troubled = troubledWorld();
  const model = await startModelServer();
  const integrations = definitions.integrations ?? { integrations: [] };
  const server = await startIntegrationsServer(integrations, { behaviourOf: troubled.behaviourOf, port: 0 });
  try {
    const env = troubled.environment({
      ...options.database,
      CRON_SECRET,
      PLAYBOOK_DEMO_URL: server.url,
      HTTP_ALLOW_PRIVATE: server.hostPort,
      ANTHROPIC_API_KEY: 'of-the-stand-in',
      ANTHROPIC_BASE_URL: model.url,
    });
    const app = await createApp(readConfig(env), env, {
      clock,
      labels: { simulated: 'history' },
      write: () => undefined,
    });
    try {
      const from = new Date(now.getTime() - days * DAY_MS);
      return await inThePast(app, definitions, from, () => deliverAll({ ...options, app, clock, from, troubled }));
    } finally {
      await app.close();
    }
  } finally {
    await Promise.all([server.close(), model.close()]);
  }
}

/** Whatever happens in between, afterwards the database is that of the present again. */
async function inThePast<Result>(
  { documents }: App,
  definitions: Definitions,
  from: Date,
  action: () => Promise<Result>,
): Promise<Result> {
  await seedPastCompany(documents, from);
  await seedSettings(documents, definitions, from);
  await applySeed(documents, definitions.playbooks, from);
  const returnHealth = await rewindHealth(documents, from);
  try {
    return await action();
  } finally {
    await returnHealth();
    await seedSettings(documents, definitions, new Date());
    await seedCompany(documents, new Date());
  }
}

interface Past extends HistoryOptions {
  readonly app: App;
  readonly clock: SimulatedClock;
  readonly from: Date;
  readonly troubled: TroubledWorld;
}

async function deliverAll(past: Past): Promise<HistorySummary> {
  const { app, clock, definitions, from, now, days, stop, troubled } = past;
  const playbooks = definitions.playbooks.map(({ playbook }) => playbook);
  const plan = deliveryPlan(playbooks, { from, now });
  const recorded = await recordedIds(app.documents, from);
  const missing = plan.filter(({ playbookId, slot }) => !recorded.has(slotExecutionId(playbookId, slot)));
  const script = historyScript(now, days);
  const answers: Answered[] = [];
  const world = { app, clock, definitions, documents: app.documents, newId: randomUUID };
  try {
    for (const day of byDay(missing)) {
      if (stop.aborted) break;
      const last = day.at(-1)?.deliveredAt ?? now;
      await seedPastCompany(app.documents, last);
      for (const batch of batchesOf(day, script)) {
        if (stop.aborted) break;
        await troubled.become(batch.troubles, world);
        await inParallel(batch.deliveries, batch.parallel, async (delivery) => {
          answers.push(await deliver(delivery, past));
          past.onProgress({ delivered: answers.length, total: missing.length, day: delivery.slot });
        });
      }
      await peopleAtWork(world, { until: last, now });
    }
    if (!stop.aborted && missing.length > 0) await peopleAtWork(world, { until: now, now });
  } finally {
    await troubled.become([], world);
  }
  return {
    days,
    delivered: answers.length,
    present: plan.length - missing.length,
    byPlaybook: counts(answers.map(({ playbookId }) => playbookId)),
    byStatus: counts(answers.map(({ status }) => status)),
    stopped: answers.length < missing.length,
  };
}

/** Executions that a killed history left behind count as missing: delivered again, they are resumed. */
async function recordedIds(documents: Documents, from: Date): Promise<ReadonlySet<string>> {
  const found = await documents.query({
    collection: EXECUTIONS,
    where: [{ field: 'slot', op: '>=', value: from }],
    select: ['status'],
  });
  return new Set(found.filter(({ data }) => data['status'] !== 'running').map(({ id }) => id));
}

function byDay(deliveries: readonly PlannedDelivery[]): Iterable<readonly PlannedDelivery[]> {
  return Map.groupBy(deliveries, ({ deliveredAt }) => deliveredAt.toISOString().slice(0, 10)).values();
}

interface Batch {
  readonly troubles: readonly Trouble[];
  readonly parallel: number;
  readonly deliveries: PlannedDelivery[];
}

/**
 * Deliveries under the same troubles, in the order of time. They may go on at the same time, because each only sees its own
 * hour; but during an outage an integration is asked in order, since its failures are counted and the time since its
 * last success is measured.
 */
function batchesOf(deliveries: readonly PlannedDelivery[], script: readonly Trouble[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const delivery of deliveries) {
    const troubles = troublesAt(script, delivery.slot);
    const last = batches.at(-1);
    if (last !== undefined && isSame(last.troubles, troubles)) last.deliveries.push(delivery);
    else {
      const parallel = troubles.some(({ kind }) => kind === 'integration_off') ? 1 : PARALLEL_DELIVERIES;
      batches.push({ troubles, parallel, deliveries: [delivery] });
    }
  }
  return batches;
}

function isSame(some: readonly Trouble[], others: readonly Trouble[]): boolean {
  return some.length === others.length && some.every((trouble) => others.includes(trouble));
}

const Answer = z.object({ status: z.string(), error: z.string().optional() });

interface Answered {
  readonly playbookId: string;
  readonly status: string;
}

async function deliver({ playbookId, slot, deliveredAt }: PlannedDelivery, { app, clock }: Past): Promise<Answered> {
  const reply = await clock.at(deliveredAt, () =>
    app.deliver({
      method: 'POST',
      query: new URLSearchParams({ playbookId }),
      headers: {
        authorization: [`Bearer ${CRON_SECRET}`],
        'x-cloudscheduler-jobname': [jobNameOf(playbookId)],
        'x-cloudscheduler-scheduletime': [slot.toISOString()],
      },
      body: async () => new Uint8Array(),
    }),
  );
  const { status, error } = Answer.parse(reply.body);
  // A failed execution is part of life; a delivery that came to no execution is not.
  if (['succeeded', 'failed', 'skipped', 'running'].includes(status)) return { playbookId, status };
  const said = `${reply.status}: ${error ?? status}`;
  throw new PlaybookError('internal', `${playbookId} was delivered for ${slot.toISOString()} and not run: ${said}`);
}

function counts(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
