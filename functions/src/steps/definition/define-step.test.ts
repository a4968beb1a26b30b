import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { defineStep } from './define-step.ts';

let reads = 0;
const repeat = defineStep({
  type: 'repeat',
  summary: 'Repeats a word.',
  fields: {
    word: z.string().refine(() => (reads += 1) > 0),
    times: z.number().int().min(1).default(2),
  },
  output: z.string(),
  example: { id: 'again', type: 'repeat', word: 'yes' },
  defaultTimeoutMs: 1_000,
  effect: () => 'none',
  run: async ({ word, times }) => word.repeat(times),
}).bind(stepPorts());

describe('a step type', () => {
  test('runs with its input as its schema reads it, including defaults', async () => {
    expect(await repeat.accept({ id: 'a' }, { word: 'ha' })(stepContext())).toBe('haha');
  });

  test('reads its input once, however it is run', async () => {
    reads = 0;
    const perform = repeat.accept({ id: 'a' }, { word: 'ha', times: 3 });
    await perform(stepContext());
    expect(reads).toBe(1);
  });

  test.each([
    [{ word: 7, times: 0 }, /^The fields of a are invalid after filling in: word: .*; times: /],
    [{ word: 'ha', tmies: 2 }, /: it: .*"tmies"/],
    ['word', /: it: /],
  ])('refuses %j with every field that is wrong', (fields, message) => {
    expect(() => repeat.accept({ id: 'a' }, fields)).toThrow(
      expect.objectContaining({ code: 'input_invalid', message: expect.stringMatching(message) }),
    );
  });

  test('without a view for people is shown as JSON, and sends no alerts', () => {
    const { readAs, tellsAlerts, outsideEffects } = defineStep({
      type: 'plain',
      summary: 'Does nothing.',
      fields: {},
      output: z.null(),
      example: { id: 'p', type: 'plain' },
      defaultTimeoutMs: 1_000,
      effect: () => 'none',
      run: async () => null,
    });
    expect({ readAs, tellsAlerts, outsideEffects }).toEqual({
      readAs: {},
      tellsAlerts: false,
      outsideEffects: undefined,
    });
  });
});
