import { setTimeout as delay } from 'node:timers/promises';
import { HUNG, HUNG_DEADLINE_MS } from '#testing/runner/hung-playbooks.ts';
import { localServiceAccount } from '#testing/servers/local-service-account.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Fault } from './fault.ts';
import type { History } from './history.ts';
import { onCall } from './run-kills.ts';
import { witnessSlot } from './witnessed-slot.ts';

type Of<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** Longer than a busy machine needs for a write, so that nobody takes over from a runner that is well. */
const LONG_LEASE_MS = 10_000;
/** So long a network stays bad. */
const BAD_NETWORK_MS = 1_500;

/** Delivers slots to two runners, several times, at the same moment, and in any order. */
export async function runDeliveries(
  world: ChaosWorld,
  { slots, gapsMs }: Of<'deliveries'>,
): Promise<readonly History[]> {
  const env = { PLAYBOOK_LEASE_MS: String(LONG_LEASE_MS) };
  const runners = await Promise.all([world.fleet.take(env), world.fleet.take(env)]);
  const dates = [...new Set(slots)].map(() => world.nextSlot());
  const numbers = [...new Set(slots)];
  const witnessed = await Promise.all(
    dates.map((slot) => witnessSlot(world, slot, { apart: dates.filter((other) => other !== slot) })),
  );
  const answers: Promise<unknown>[] = [];
  for (const [index, number] of slots.entries()) {
    await delay(gapsMs[index] ?? 0);
    const [slot, runner] = [witnessed[numbers.indexOf(number)], runners[index % 2]];
    if (slot !== undefined && runner !== undefined) answers.push(slot.deliver(runner));
  }
  await Promise.all(answers);
  const [runner, other] = runners;
  if (runner === undefined || other === undefined) throw new Error('Two runners are needed.');
  for (const slot of witnessed) await slot.deliverUntilFinal(runner);
  await Promise.all([runner.kill(), other.kill()]);
  return together(await Promise.all(witnessed.map((slot) => slot.history())));
}

/** The figures are those of the playbook: they have counted all of its executions. */
function together(histories: readonly History[]): readonly History[] {
  const ended = histories.reduce((sum, { counted }) => sum + counted.ended, 0);
  return histories.map((history) => ({ ...history, counted: { ...history.counted, ended } }));
}

/** Makes the network between runner and database bad for a while, from an outside call on. */
export async function runNetwork(
  world: ChaosWorld,
  { how, transport, call }: Of<'network'>,
): Promise<readonly History[]> {
  const env = transport === 'REST' ? overRest(world) : {};
  return disturbed(world, { env, call, forMs: BAD_NETWORK_MS, begin: () => world.database.disturb?.(how) });
}

/** Over REST, the client asks for credentials even where the emulator needs none. */
function overRest({ database }: ChaosWorld): Readonly<Record<string, string>> {
  const projectId = database.env['GOOGLE_CLOUD_PROJECT'] ?? '';
  return { CHAOS_PREFER_REST: '1', GOOGLE_APPLICATION_CREDENTIALS: localServiceAccount(projectId) };
}

/** Takes the database away for a while, from an outside call on. */
export async function runOutage(world: ChaosWorld, { forMs, call }: Of<'outage'>): Promise<readonly History[]> {
  return disturbed(world, { env: {}, call, forMs, begin: () => world.database.fail() });
}

interface Disturbance {
  readonly env: Readonly<Record<string, string>>;
  readonly call: number;
  readonly forMs: number;
  readonly begin: () => void;
}

async function disturbed(world: ChaosWorld, { env, call, forMs, begin }: Disturbance): Promise<readonly History[]> {
  const { fleet, ledger, database } = world;
  const runner = await fleet.take(env);
  const slot = await witnessSlot(world, world.nextSlot());
  let recovery: Promise<void> | undefined;
  ledger.meanwhile = onCall(call, () => {
    begin();
    recovery = delay(forMs).then(() => database.recover());
  });
  const answer = await slot.deliver(runner);
  ledger.meanwhile = async () => undefined;
  if (answer?.httpStatus !== 200) await slot.interrupted('cut off');
  await slot.deliverUntilFinal(runner);
  await recovery;
  await runner.kill();
  return [await slot.history()];
}

/** Delivers a playbook that waits for something that never answers. */
export async function runHung(world: ChaosWorld, { dependency }: Of<'hung'>): Promise<readonly History[]> {
  const playbookId = HUNG[dependency]?.id;
  if (playbookId === undefined) throw new Error(`There are ${HUNG.length} dependencies.`);
  const runner = await world.fleet.take();
  const slot = await witnessSlot(world, world.nextSlot(), {
    playbookId,
    deadlineMs: HUNG_DEADLINE_MS,
    bookings: [],
    expected: ['failed'],
  });
  await slot.deliverUntilFinal(runner);
  world.fleet.giveBack(runner);
  const history = await slot.history();
  // The answer waits for the alert, which may hang as well; the record has ended before that.
  const { final } = history;
  return [final?.status === 'failed' ? { ...history, endedAfterMs: final.duration } : history];
}
