import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aPlaybook, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { PlaybookError } from '#core/failure.ts';

const Words = z.object({ subject: z.string(), body: z.string() });

/** The values that steps leave, by the id of the step; and what a playbook with these criteria tells people. */
async function wordsOf(
  values: Readonly<Record<string, unknown>>,
  more: Omit<NonNullable<Parameters<typeof aPlaybook>[1]>, 'alerts'>,
  steps: Parameters<typeof aPlaybook>[0] = [],
): Promise<readonly z.infer<typeof Words>[]> {
  const told: z.infer<typeof Words>[] = [];
  const notify = telling('notify', (input) => (told.push(Words.parse(input)), null));
  const leave = scripted('leave', ({ with: value }) => value);
  const fail = scripted('fail', ({ with: message }) => {
    throw new PlaybookError('rejected', z.string().parse(message));
  });
  const world = openEngineWorld([notify, leave, fail]);
  const leaving = Object.entries(values).map(([id, value]) => ({ id, type: 'leave', with: z.json().parse(value) }));
  await world.run(aPlaybook([...leaving, ...steps], { ...more, alerts: { channels: ['any'] } }));
  return told;
}

const measured = (id: string, more: object = {}) => ({
  id,
  value: `steps.${id}.output`,
  ok: 'value < 1',
  alert: 'value > 5',
  ...more,
});

const failing = { id: 'bad', type: 'fail', with: 'No.' };
const alerting = measured('errors', { name: 'Error rate', unit: '%' });
const second = measured('queue');
const warned = measured('slow');
const values = { errors: 7, queue: 9, slow: 3 };

describe('what people are told', () => {
  test.each([
    ['one criterion', [alerting], [], 'Test: Error rate', '- **Error rate**: 7%'],
    [
      'two criteria, in their order, and none that only warns',
      [alerting, warned, second],
      [],
      'Test: Error rate, queue',
      '- **Error rate**: 7%\n- **queue**: 9',
    ],
    ['a failed step', [], [failing], 'Test failed', 'The step **bad** failed: No.\n'],
    [
      'a failed step and no criterion that only warns',
      [warned],
      [failing],
      'Test failed',
      'The step **bad** failed: No.\n',
    ],
    [
      'a failed step, and the criteria in their alert band besides',
      [alerting, warned, second],
      [failing],
      'Test failed',
      'The step **bad** failed: No.\n\n- **Error rate**: 7%\n- **queue**: 9',
    ],
    [
      'a failed step that was gone on after, and a criterion besides',
      [alerting],
      [
        { ...failing, onFailure: 'continue' },
        { id: 'last', type: 'leave', with: 1 },
      ],
      'Test failed',
      'The step **bad** failed: No.\n\n- **Error rate**: 7%',
    ],
    [
      'a criterion, and no failed step that is not critical',
      [alerting],
      [{ ...failing, onFailure: 'continue', critical: false }],
      'Test: Error rate',
      '- **Error rate**: 7%',
    ],
  ])('of %s', async (_, criteria, steps, subject, body) => {
    expect(await wordsOf(values, { criteria }, steps)).toEqual([{ subject, body }]);
  });

  test('of an execution that failed without a step says that it failed itself', async () => {
    const nowhere = { id: 'bad', type: 'fail', with: 'No.', onFailure: 'nowhere' };

    const [told] = await wordsOf({}, {}, [nowhere]);

    expect(told?.body).toBe('It failed: onFailure names nowhere, which is not a later step in the same list.\n');
  });

  test.each([
    ['a fraction, with four digits', 1 / 3, '0.3333'],
    ['a whole number', 12_345_678, '12,345,678'],
    ['a truth value', true, 'yes'],
    ['a text', 'down', 'down'],
    ['a list, by its length', [1, 2], 'a list of 2'],
  ])('shows %s', async (_, value, shown) => {
    const told = await wordsOf({ one: value }, { criteria: [measured('one', { ok: 'false', alert: 'true' })] });

    expect(told).toEqual([{ subject: 'Test: one', body: `- **one**: ${shown}` }]);
  });
});

describe('the subject of an alert', () => {
  const subjectOf = async (name: string) =>
    (await wordsOf({ errors: 7 }, { name, criteria: [measured('errors')] }))[0]?.subject;
  const rest = ': errors'.length;

  test.each([
    [179, 179],
    [180, 180],
    [181, 180],
    [200, 180],
  ])('of %i characters has %i', async (chars, kept) => {
    const name = 'n'.repeat(chars - rest);
    const whole = `${name}: errors`;

    expect(await subjectOf(name)).toBe(kept === chars ? whole : `${whole.slice(0, kept - 1)}…`);
  });

  test('is cut at 180 characters also where many criteria alert', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `criterion_${index}`);
    const criteria = ids.map((id) => ({ id, value: '7', ok: 'false', alert: 'true' }));

    const [told] = await wordsOf({}, { criteria }, [{ id: 'one', type: 'leave', with: 1 }]);

    expect(told?.subject).toHaveLength(180);
    expect(told?.body.split('\n')).toHaveLength(20);
  });
});

describe('what looks like a template stays text', () => {
  const trap = 'T ${{ 5 + 5 }}';

  test('in the name of a playbook that alerts, and of one that failed', async () => {
    const criteria = [measured('errors')];

    expect(await wordsOf({ errors: 7 }, { name: trap, criteria })).toMatchObject([{ subject: `${trap}: errors` }]);
    expect(await wordsOf({}, { name: trap }, [failing])).toMatchObject([{ subject: `${trap} failed` }]);
  });

  test('in the name and the unit of a criterion', async () => {
    const criteria = [measured('errors', { name: trap, unit: '${{ now }}' })];

    expect(await wordsOf({ errors: 7 }, { criteria })).toEqual([
      { subject: `Test: ${trap}`, body: `- **${trap}**: 7 \${{ now }}` },
    ]);
  });

  test('in what was measured, and in the message of a failure', async () => {
    const criteria = [{ id: 'text', value: 'steps.one.output', ok: 'false', alert: 'true' }];
    const written = '$${{ 5 + 5 }}';

    expect(await wordsOf({ one: written }, { criteria })).toMatchObject([{ body: '- **text**: ${{ 5 + 5 }}' }]);
    expect(await wordsOf({}, {}, [{ ...failing, with: written }])).toMatchObject([
      { body: 'The step **bad** failed: ${{ 5 + 5 }}\n' },
    ]);
  });
});
