import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { withinLimit } from './call-limit.ts';

const never = new Promise<never>(() => undefined);

function limited(
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<unknown>,
  timeoutMs = 1000,
): Promise<unknown> {
  return withinLimit({ signal, timeoutMs, what: 'The bank' }, call);
}

describe('a call within its limit', () => {
  test('gives what the call gives', async () => {
    expect(await limited(new AbortController().signal, async () => 'money')).toBe('money');
  });

  test('fails as the call fails', async () => {
    const failing = limited(new AbortController().signal, async () => Promise.reject(new TypeError('no')));
    await expect(failing).rejects.toBeInstanceOf(TypeError);
  });

  test('that cannot be cancelled is left behind when its time is up, and told so', async () => {
    let told: AbortSignal | undefined;
    const hanging = limited(
      new AbortController().signal,
      (signal) => {
        told = signal;
        return never;
      },
      1,
    );
    await expect(hanging).rejects.toMatchObject({
      code: 'timeout',
      message: 'The bank did not answer within 1 ms.',
    });
    expect(told?.aborted).toBe(true);
  });

  test('ends with the reason of the abort where that is one of ours', async () => {
    const controller = new AbortController();
    const hanging = limited(controller.signal, () => never);
    const reason = new PlaybookError('lease_lost', 'Another runner took over.');
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
  });

  test('is interrupted by any other abort', async () => {
    const controller = new AbortController();
    const hanging = limited(controller.signal, () => never);
    controller.abort('stop');
    await expect(hanging).rejects.toMatchObject({ code: 'interrupted', cause: 'stop' });
  });

  test('is not made at all after the abort', async () => {
    let calls = 0;
    const late = limited(AbortSignal.abort(), async () => (calls += 1));
    await expect(late).rejects.toMatchObject({ code: 'interrupted' });
    expect(calls).toBe(0);
  });
});
