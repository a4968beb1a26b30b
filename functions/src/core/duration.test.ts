import { expect, test } from 'vitest';
import { durationMs } from './duration.ts';
import { PlaybookError } from './failure.ts';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['10m', 600_000],
  ['4h', 14_400_000],
  ['7d', 604_800_000],
  ['0s', 0],
])('%s is %d ms', (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

test.each(['', '10', '10 m', '1.5h', '-1s', '1w', 'PT5M', '10M', '1234567s'])('%j is no duration', (duration) => {
  expect(() => durationMs(duration)).toThrow(PlaybookError);
  expect(() => durationMs(duration)).toThrow('write a number and a unit');
});
