import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aPlaybook, ended, EXECUTION_ID, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { loadOutput } from '#records/executions/execution-outputs.ts';
import { PlaybookError } from '#core/failure.ts';

/** Fails as often as it is told, then leaves how often it was tried. */
function failing(times: number, error: () => unknown, options: Parameters<typeof scripted>[2] = {}) {
  let tries = 0;
  return scripted(
    'flaky',
    () => {
      tries += 1;
      if (tries <= times) throw error();
      return tries;
    },
    options,
  );
}

const unavailable = () => new PlaybookError('unavailable', 'Nobody answered.');

describe('a step that fails', () => {
  test('is tried again until it succeeds, and every attempt is kept', async () => {
    const world = openEngineWorld([failing(2, unavailable)]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    const { steps, results } = ended(await world.recorded());
    expect(results).toEqual({ one: 3 });
    expect(steps['one']?.attempts.map(({ number, status }) => [number, status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'succeeded'],
    ]);
  });

  test('waits longer each time, with jitter', async () => {
    const world = openEngineWorld([failing(2, unavailable)]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky', retry: { initialDelay: '10s', factor: 3 } }]));

    const starts =
      ended(await world.recorded()).steps['one']?.attempts.map(({ startedAt }) => startedAt.getTime()) ?? [];
    expect(starts.map((start) => start - (starts[0] ?? 0))).toEqual([0, 5_000, 20_000]);
  });

  test('waits at least as long as the other side asks', async () => {
    const limited = () => new PlaybookError('rate_limited', 'Slow down.', { retryAfterMs: 90_000 });
    const world = openEngineWorld([failing(1, limited)]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    expect(ended(await world.recorded()).duration).toBe(90_000);
  });

  test('is not tried again when the wait would outlast the deadline, and says what went wrong', async () => {
    const limited = () => new PlaybookError('rate_limited', 'Slow down.', { retryAfterMs: 3_600_000 });
    const world = openEngineWorld([failing(1, limited)]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    expect(await world.recorded()).toMatchObject({ duration: 0, failure: { code: 'rate_limited' } });
  });

  test('is not tried again when the other side said no', async () => {
    const world = openEngineWorld([failing(1, () => new PlaybookError('rejected', 'No.'))]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    expect(ended(await world.recorded()).steps['one']?.attempts).toHaveLength(1);
  });

  test('is not tried again by itself when its effect could happen twice', async () => {
    const world = openEngineWorld([failing(1, unavailable, { does: 'unkeyed' })]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    expect(ended(await world.recorded()).steps['one']?.attempts).toHaveLength(1);
  });

  test('carries the same idempotency key on every attempt', async () => {
    const keys = new Set<string>();
    const world = openEngineWorld([
      scripted('keyed', (_, { idempotencyKey, attempt }) => {
        keys.add(idempotencyKey);
        if (attempt < 3) throw unavailable();
        return null;
      }),
    ]);

    await world.run(aPlaybook([{ id: 'one', type: 'keyed' }]));

    expect([...keys]).toEqual([`${EXECUTION_ID}/one`]);
  });

  test.each([
    ['text', 'boom', 'Unexpected error: boom'],
    ['null', null, 'Unexpected error: something that is not an error was thrown (null)'],
    ['an error without text', new TypeError(''), 'Unexpected error: TypeError'],
  ])('leaves a failure in words when %s is thrown', async (_, thrown, message) => {
    const world = openEngineWorld([failing(1, () => thrown)]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    expect(await world.recorded()).toMatchObject({ failure: { code: 'internal', message } });
  });

  test('leaves a message that a record can hold, however long it was', async () => {
    const world = openEngineWorld([failing(1, () => new Error('x'.repeat(1_000_000)))]);

    await world.run(aPlaybook([{ id: 'one', type: 'flaky' }]));

    const execution = await world.recorded();
    expect(execution.status === 'failed' && execution.failure.message.length).toBe(4000);
  });
});

describe('a step that takes too long', () => {
  test('is left behind at its timeout, even when it does not listen', async () => {
    const deaf = scripted('deaf', (_, { clock }) => {
      queueMicrotask(() => void clock.sleep(10_000));
      return new Promise(() => undefined);
    });
    const world = openEngineWorld([deaf]);

    await world.run(aPlaybook([{ id: 'one', type: 'deaf', timeout: '5s', retry: { maxAttempts: 1 } }]));

    expect(await world.recorded()).toMatchObject({
      failure: { code: 'timeout', message: 'one took longer than its 5000 ms.' },
    });
  });

  test('cannot touch the execution afterwards', async () => {
    let failLate: (error: Error) => void = () => undefined;
    const late = scripted('late', (_, { clock }) => {
      queueMicrotask(() => void clock.sleep(10_000));
      return new Promise((_resolve, reject) => (failLate = reject));
    });
    const world = openEngineWorld([late]);
    await world.run(aPlaybook([{ id: 'one', type: 'late', timeout: '5s', retry: { maxAttempts: 1 } }]));
    const before = await world.recorded();

    failLate(new Error('too late'));
    await new Promise(setImmediate);

    expect(await world.recorded()).toEqual(before);
  });

  test('cannot touch its step afterwards, while the execution goes on', async () => {
    let endLate: () => void = () => undefined;
    const late = scripted('late', async (_, { clock, attempt, recordToolCall }) => {
      if (attempt === 2) return 'in time';
      queueMicrotask(() => void clock.sleep(10_000));
      await new Promise<void>((resolve) => (endLate = resolve));
      recordToolCall({ tool: 'late', input: null, status: 'failed', output: '', durationMs: 1 });
      return 'too late';
    });
    const next = scripted('next', async () => {
      endLate();
      await new Promise(setImmediate);
    });
    const world = openEngineWorld([late, next]);

    await world.run(
      aPlaybook([
        { id: 'one', type: 'late', timeout: '5s' },
        { id: 'two', type: 'next' },
      ]),
    );

    const { steps } = ended(await world.recorded());
    expect(steps['one']?.status).toBe('succeeded');
    expect(steps['one']?.attempts.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  test('does not begin when the deadline passes while its beginning is stored', async () => {
    let effects = 0;
    const world = openEngineWorld([scripted('effect', () => (effects += 1), { does: 'keyed' })]);
    const write: typeof world.engine.store.write = async (...args) => {
      world.clock.advance(11 * 60_000);
      return world.engine.store.write(...args);
    };

    await world.run(aPlaybook([{ id: 'one', type: 'effect' }]), { store: { ...world.engine.store, write } });

    expect(effects).toBe(0);
    expect(await world.recorded()).toMatchObject({ failure: { code: 'deadline_exceeded' }, failedStep: 'one' });
  });
});

describe('an output', () => {
  test('is made JSON, and what was lost on the way is noted', async () => {
    const world = openEngineWorld([scripted('odd', () => ({ rate: Number.NaN, when: new Date(0), none: undefined }))]);

    await world.run(aPlaybook([{ id: 'one', type: 'odd' }]));

    expect(ended(await world.recorded()).steps['one']?.attempts[0]).toMatchObject({
      output: { rate: null, when: '1970-01-01T00:00:00.000Z' },
      normalised: ['rate was NaN and is kept as null'],
    });
  });

  test('of any shape comes back as it was', async () => {
    const shape = { lists: [[1, [2]], []], '': 'empty', __name__: 1, $json: 'x', deep: deep(40), 'a.b/c`d': '🙂' };
    const world = openEngineWorld([scripted('shaped', () => shape)]);

    await world.run(aPlaybook([{ id: 'one', type: 'shaped' }]));

    expect(ended(await world.recorded()).results['one']).toEqual(shape);
  });

  test('that is not what the step type leaves fails the step', async () => {
    const world = openEngineWorld([scripted('strict', () => 'text', { output: z.number() })]);

    await world.run(aPlaybook([{ id: 'one', type: 'strict' }]));

    expect(await world.recorded()).toMatchObject({ failure: { code: 'output_invalid' } });
  });

  test('of more than 32 KB lies beside the record, and later steps still see it', async () => {
    const world = openEngineWorld([
      scripted('large', () => ({ text: '🙂'.repeat(500_000), size: 7 })),
      scripted('echo', ({ with: value }) => value),
    ]);

    await world.run(
      aPlaybook([
        { id: 'one', type: 'large' },
        { id: 'two', type: 'echo', with: '${{ steps.one.output.size }}' },
      ]),
    );

    const { steps, results } = ended(await world.recorded());
    const attempt = steps['one']?.attempts[0];
    const ref = attempt?.status === 'succeeded' ? attempt.outputRef : undefined;
    expect(results['two']).toBe(7);
    expect(ref?.path).toBe(`playbook_executions/${EXECUTION_ID}/outputs/one@${ref?.sha256.slice(0, 16)}`);
    expect(ref?.bytes).toBe(2_000_020);
    expect(ref && (await loadOutput(world.documents, ref))).toEqual({ text: '🙂'.repeat(500_000), size: 7 });
  });

  test('of many steps stays within what one record may hold', async () => {
    const world = openEngineWorld([scripted('medium', () => 'x'.repeat(30_000))]);

    await world.run(aPlaybook(Array.from({ length: 50 }, (_, index) => ({ id: `s${index}`, type: 'medium' }))));

    const attempts = Object.values(ended(await world.recorded()).steps).map((step) => step.attempts[0]);
    expect(
      attempts.filter((attempt) => attempt?.status === 'succeeded' && attempt.outputRef !== undefined),
    ).toHaveLength(42);
  });

  test('of more than 5 MB fails the step', async () => {
    const world = openEngineWorld([scripted('huge', () => 'x'.repeat(6_000_000))]);

    await world.run(aPlaybook([{ id: 'one', type: 'huge' }]));

    expect(await world.recorded()).toMatchObject({ failure: { code: 'output_too_large' } });
  });
});

describe('a secret', () => {
  const secret = 'canary/"secret"+value';

  test('is in no input, output, failure or later step', async () => {
    const leak = scripted('leak', () => ({ plain: `see ${secret}`, base64: Buffer.from(secret).toString('base64') }));
    const throwing = scripted('throwing', () => {
      throw new PlaybookError('rejected', `No: ${secret}`, { details: { url: encodeURIComponent(secret) } });
    });
    const echo = scripted('echo', ({ with: value }) => value);
    const world = openEngineWorld([leak, throwing, echo], { secrets: [secret] });

    await world.run(
      aPlaybook([
        { id: 'leaks', type: 'leak' },
        { id: 'repeats', type: 'echo', with: { authorization: 'Bearer abc', said: '${{ steps.leaks.output.plain }}' } },
        { id: 'throws', type: 'throwing' },
      ]),
    );

    const record = JSON.stringify(await world.recorded());
    expect(record).toContain('[redacted]');
    for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), 'Bearer abc']) {
      expect(record).not.toContain(JSON.stringify(form).slice(1, -1));
    }
  });
});

function deep(levels: number): unknown {
  return levels === 0 ? 'bottom' : { next: deep(levels - 1) };
}
