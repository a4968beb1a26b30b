import { setTimeout as delay } from 'node:timers/promises';
import type { RunnerProcess } from '#testing/runner/runner-process.ts';
import { CHAOS_LEASE_MS, PATIENT_PLAYBOOK, type ChaosWorld } from './chaos-world.ts';
import type { Fault } from './fault.ts';
import type { History } from './history.ts';
import { isStopped } from './is-stopped.ts';
import { witnessSlot, type WitnessedSlot } from './witnessed-slot.ts';

type Of<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;

/** Kills the runner during a delivery, or the next one as well, and lets another one end the execution. */
export async function runKill(
  world: ChaosWorld,
  fault: Of<'kill' | 'kill-in-call' | 'kill-later' | 'kill-twice'>,
): Promise<readonly History[]> {
  const slot = await witnessSlot(world, world.nextSlot());
  await killedDuring(world, slot, fault);
  if (fault.kind === 'kill-twice') await killedTakingOver(world, slot, fault.again);
  return [await endedBy(await world.fleet.take(), world, slot)];
}

async function killedDuring(
  world: ChaosWorld,
  slot: WitnessedSlot,
  fault: Of<'kill' | 'kill-in-call' | 'kill-later' | 'kill-twice'>,
): Promise<void> {
  const runner = await world.fleet.take();
  if (fault.kind === 'kill-in-call') {
    world.ledger.meanwhile = onCall(fault.call, () => runner.kill());
  }
  const isAtPoint = fault.kind === 'kill' || fault.kind === 'kill-twice';
  const answering = slot.deliver(runner, isAtPoint ? `kill@${fault.at}` : 'none');
  if (fault.kind === 'kill-later') await delay(fault.afterMs).then(() => runner.kill());
  const answer = await answering;
  world.ledger.meanwhile = async () => undefined;
  if (answer === undefined) await slot.interrupted('killed');
  if (answer === undefined || fault.kind === 'kill-later') await runner.kill();
  else world.fleet.giveBack(runner);
}

/** Comes once the lease of the dead has run out, and dies as well. */
async function killedTakingOver(world: ChaosWorld, slot: WitnessedSlot, again: number): Promise<void> {
  await delay(CHAOS_LEASE_MS + 50);
  const runner = await world.fleet.take();
  const answer = await slot.deliver(runner, `kill@${again}`);
  if (answer !== undefined) return world.fleet.giveBack(runner);
  await slot.interrupted('killed');
  await runner.kill();
}

async function endedBy(runner: RunnerProcess, { fleet }: ChaosWorld, slot: WitnessedSlot): Promise<History> {
  await slot.deliverUntilFinal(runner);
  // Once more, as Cloud Scheduler may; the record must stay as it is.
  await slot.deliver(runner);
  fleet.giveBack(runner);
  return slot.history();
}

/** Stops the runner, lets another one end the execution, and lets the first one go on. */
export async function runFreeze(world: ChaosWorld, { at }: Of<'freeze'>): Promise<readonly History[]> {
  const slot = await witnessSlot(world, world.nextSlot());
  const [frozen, other] = [await world.fleet.take(), await world.fleet.take()];
  const answering = slot.deliver(frozen, `stop@${at}`);
  let isAnswered = false;
  void answering.then(() => (isAnswered = true));
  while (!isAnswered && !(await isStopped(frozen.pid))) await delay(10);
  if (!isAnswered) await slot.interrupted('cut off');
  await delay(CHAOS_LEASE_MS + 50);
  await slot.deliverUntilFinal(other);
  process.kill(frozen.pid, 'SIGCONT');
  await answering;
  await delay(CHAOS_LEASE_MS);
  await frozen.kill();
  world.fleet.giveBack(other);
  return [await slot.history()];
}

/** Kills a runner whose clock is off, and lets one whose clock is off otherwise end the execution. */
export async function runClocks(world: ChaosWorld, { shiftsMs, at }: Of<'clocks'>): Promise<readonly History[]> {
  const slot = await witnessSlot(world, world.nextSlot(), { playbookId: PATIENT_PLAYBOOK });
  const [first, second] = await Promise.all(
    shiftsMs.map((shiftMs) => world.fleet.take({ CHAOS_CLOCK_SHIFT_MS: String(shiftMs) })),
  );
  if (first === undefined || second === undefined) throw new Error('Two clocks are needed.');
  if ((await slot.deliver(first, `kill@${at}`)) === undefined) await slot.interrupted('killed');
  await slot.deliverUntilFinal(second);
  await Promise.all([first.kill(), second.kill()]);
  return [await slot.history()];
}

/** Something that happens at one outside call, and once. */
export function onCall(number: number, action: () => Promise<void> | void): () => Promise<void> {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls === number) await action();
  };
}
