import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { StepType } from '#language/playbook/step-type.ts';
import { Suspended, type Suspension } from '#language/playbook/suspension.ts';
import { dueExecutionIds } from '#records/executions/execution-queries.ts';
import { aPlaybook, ended, EXECUTION_ID, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { wait, waiting } from '#testing/builders/waiting-steps.ts';

const HOUR_MS = 3_600_000;
const START = new Date('2026-11-20T14:00:00.000Z');
const later = (ms: number): Date => new Date(START.getTime() + ms);

/** A read, a wait of two hours, and an effect. */
function waitingWorld() {
  const calls: string[] = [];
  const said = (name: string) => scripted(name, (_, { stepPath }) => (calls.push(stepPath), name));
  const world = openEngineWorld([said('read'), wait, said('effect')]);
  const playbook = aPlaybook([
    { id: 'first', type: 'read' },
    { id: 'pause', type: 'wait', with: 2 * HOUR_MS },
    { id: 'last', type: 'effect', with: '${{ steps.pause.output + " " + steps.first.output }}' },
  ]);
  return { ...world, calls, playbook };
}

describe('an execution that waits', () => {
  test('is parked: it has no lease, and says what it waits for and when to look again', async () => {
    const { run, playbook, recorded } = waitingWorld();

    expect(await run(playbook)).toMatchObject({ status: 'waiting' });

    const execution = await recorded();
    expect(execution).toMatchObject({
      status: 'waiting',
      waitsFor: { pause: { until: later(2 * HOUR_MS) } },
      wakeAt: later(2 * HOUR_MS),
      remainingMs: 600_000,
      stepsExecuted: 1,
      runner: 'runner-1',
    });
    expect(execution).not.toHaveProperty('lease');
    expect(execution).not.toHaveProperty('deadlineAt');
    expect(execution.steps['pause']).toMatchObject({ status: 'running', attempts: [{ number: 1, status: 'waiting' }] });
  });

  test('is left alone until it is due, no matter who asks', async () => {
    const { run, resume, playbook, clock, recorded } = waitingWorld();
    await run(playbook);
    const before = await recorded();
    clock.advance(2 * HOUR_MS - 1);

    expect(await resume()).toMatchObject({ kind: 'waiting' });
    expect(await run(playbook)).toMatchObject({ status: 'waiting' });
    expect(await recorded()).toEqual(before);
  });

  test('goes on by its id when it is due, and runs no recorded step again', async () => {
    const { run, resume, playbook, clock, calls, recorded } = waitingWorld();
    await run(playbook);
    clock.advance(2 * HOUR_MS);

    expect(await resume()).toMatchObject({ kind: 'ended', execution: { status: 'succeeded' } });

    expect(calls).toEqual(['first', 'last']);
    const execution = ended(await recorded());
    expect(execution).toMatchObject({ stepsExecuted: 3, results: { pause: 'waited', last: 'effect' } });
    for (const gone of ['lease', 'deadlineAt', 'wakeAt', 'waitsFor', 'remainingMs']) {
      expect(execution).not.toHaveProperty(gone);
    }
  });

  test('goes on with the next delivery of its slot, too, once it is due', async () => {
    const { run, playbook, clock } = waitingWorld();
    await run(playbook);
    clock.advance(2 * HOUR_MS);

    expect(await run(playbook)).toMatchObject({ status: 'succeeded' });
  });

  test('goes on with the definition that it began with', async () => {
    const { run, resume, playbook, clock, calls } = waitingWorld();
    await run(playbook, { version: 'v1' });
    // Another version of the playbook becomes known meanwhile.
    await run(aPlaybook([{ id: 'other', type: 'read' }]), { version: 'v2' });
    clock.advance(2 * HOUR_MS);

    expect(await resume()).toMatchObject({ kind: 'ended', execution: { status: 'succeeded', version: 'v1' } });
    expect(calls).toEqual(['first', 'last']);
  });

  test('ends as failed where its definition is not kept any more', async () => {
    const { run, resume, playbook, clock, engine } = waitingWorld();
    await run(playbook);
    clock.advance(2 * HOUR_MS);

    const ran = await resume({ ...engine, loadDefinition: async () => undefined });

    expect(ran).toMatchObject({ kind: 'ended', execution: { failure: { code: 'invalid_playbook' } } });
  });

  test('spends none of its deadline while it waits, and what is left of it afterwards', async () => {
    const { clock, run, resume, recorded } = openEngineWorldThatSleeps();
    await run(aPlaybook([
      { id: 'work', type: 'sleep', with: 200_000 },
      { id: 'pause', type: 'wait', with: 24 * HOUR_MS },
      { id: 'more', type: 'sleep', with: 500_000 },
    ])); // prettier-ignore
    expect(await recorded()).toMatchObject({ status: 'waiting', remainingMs: 400_000 });
    clock.advance(24 * HOUR_MS);

    await resume();

    expect(ended(await recorded())).toMatchObject({
      status: 'failed',
      failure: { code: 'deadline_exceeded' },
      failedStep: 'more',
    });
  });

  test('is no longer due once another runner has resumed it', async () => {
    const { run, resume, playbook, clock } = waitingWorld();
    await run(playbook);
    clock.advance(2 * HOUR_MS);

    const ran = await Promise.all([resume(), resume()]);

    expect(new Set(ran.map((one) => one?.kind))).toEqual(new Set(['ended', 'held']));
  });

  test('is found when it is due, and no sooner, as is one whose runner is gone; neither once it has ended', async () => {
    const { run, resume, playbook, clock, documents } = waitingWorld();
    await run(playbook);
    clock.advance(2 * HOUR_MS - 1);
    expect(await dueExecutionIds(documents, clock.now(), 10)).toEqual([]);
    clock.advance(1);
    expect(await dueExecutionIds(documents, clock.now(), 10)).toEqual([EXECUTION_ID]);

    await resume();

    clock.advance(24 * HOUR_MS);
    expect(await dueExecutionIds(documents, clock.now(), 10)).toEqual([]);
  });

  test('is unknown by an id that no execution has', async () => {
    expect(await waitingWorld().resume()).toBeUndefined();
  });
});

/** A step that sleeps, for as many milliseconds as it says. */
function openEngineWorldThatSleeps() {
  return openEngineWorld([
    wait,
    scripted('sleep', async ({ with: forMs }, { clock, signal }) => clock.sleep(Number(forMs), signal), {
      defaultTimeoutMs: 1_000_000,
    }),
  ]);
}

describe('a step that waits', () => {
  const limitAt = later(HOUR_MS);

  /** A step that waits for this, and is looked at when it is woken. */
  function worldOf(suspension: Suspension, resume: (suspension: Suspension) => unknown) {
    let begun = 0;
    const world = openEngineWorld([
      waiting('ask', () => ((begun += 1), new Suspended(suspension)), resume),
      scripted('read', () => 1),
    ]);
    return { ...world, begun: () => begun, playbook: aPlaybook([{ id: 'ask', type: 'ask' }]) };
  }

  test.each<[string, Suspension, Date]>([
    ['a thread', { thread: 't1', limitAt }, limitAt],
    ['an execution', { execution: 'e1', limitAt }, limitAt],
    ['a document, which is looked at every five minutes', { document: 'c/d', limitAt }, later(300_000)],
    ['a document, and for no longer than its limit', { document: 'c/d', limitAt: later(60_000) }, later(60_000)],
  ])('for %s says when to look again', async (_, suspension, wakeAt) => {
    const { run, playbook, recorded } = worldOf(suspension, () => 'decided');
    await run(playbook);
    expect(await recorded()).toMatchObject({ status: 'waiting', waitsFor: { ask: suspension }, wakeAt });
  });

  test('that is woken too early waits on, in the same attempt', async () => {
    const document: Suspension = { document: 'c/d', limitAt };
    const { run, resume, playbook, clock, recorded, begun } = worldOf(
      document,
      (suspension) => new Suspended(suspension),
    );
    await run(playbook);
    clock.advance(300_000);

    expect(await resume()).toMatchObject({ kind: 'parked', execution: { wakeAt: later(600_000) } });
    expect((await recorded()).steps['ask']?.attempts).toMatchObject([
      { number: 1, startedAt: START, status: 'waiting' },
    ]);
    expect(begun()).toBe(1);
  });

  test('whose limit has passed in vain fails for good, and is not tried again', async () => {
    const { run, resume, playbook, clock, begun } = worldOf({ thread: 't1', limitAt }, (same) => new Suspended(same));
    await run(playbook);
    clock.advance(HOUR_MS);

    expect(await resume()).toMatchObject({
      kind: 'ended',
      execution: {
        status: 'failed',
        failure: { code: 'deadline_exceeded', message: expect.stringContaining('15:00') },
      },
    });
    expect(begun()).toBe(1);
  });

  test('that fails after its wait is tried again from its beginning', async () => {
    let answers = 0;
    const { run, resume, playbook, clock, recorded, begun } = worldOf({ document: 'c/d', limitAt }, () => {
      if ((answers += 1) === 1) throw new PlaybookError('unavailable', 'Not now.');
      return 'decided';
    });
    await run(playbook);
    clock.advance(300_000);
    await resume();

    const attempts = (await recorded()).steps['ask']?.attempts;
    expect(attempts).toMatchObject([
      { number: 1, status: 'failed' },
      { number: 2, status: 'waiting' },
    ]);
    expect(begun()).toBe(2);
  });

  test('of a type that a later build can no longer resume fails, and says so', async () => {
    const { run, resume, playbook, clock, engine } = worldOf({ thread: 't1', limitAt }, () => 'decided');
    await run(playbook);
    clock.advance(HOUR_MS);
    const { resume: _, ...older } = waiting(
      'ask',
      () => 1,
      () => 2,
    );

    const ran = await resume({
      ...engine,
      stepTypes: new Map<string, StepType>([...engine.stepTypes, ['ask', older]]),
    });

    expect(ran).toMatchObject({ execution: { failure: { code: 'invalid_playbook' } } });
  });
});
