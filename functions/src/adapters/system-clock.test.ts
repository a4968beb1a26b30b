import { expect, test } from 'vitest';
import { systemClock } from './system-clock.ts';

const HUNDRED_DAYS_MS = 100 * 86_400_000;

test('a timer that is longer than Node knows does not go off at once', async () => {
  let called = 0;
  const cancel = systemClock.after(HUNDRED_DAYS_MS, () => (called += 1));

  await systemClock.sleep(20);

  cancel();
  expect(called).toBe(0);
});

test('a sleep ends with the reason of its signal', async () => {
  const cancelling = new AbortController();
  const slept = systemClock.sleep(HUNDRED_DAYS_MS, cancelling.signal);

  cancelling.abort(new Error('enough'));

  await expect(slept).rejects.toThrow('enough');
});
