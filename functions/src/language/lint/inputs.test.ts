import { describe, expect, test } from 'vitest';
import { lintedSteps } from '#testing/builders/small-catalog.ts';
import { Playbook } from '../playbook/playbook.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';

const days = { type: 'number', min: 1, default: 7 };
const dry = { type: 'boolean', default: false };
const tone = { type: 'choice', options: ['warm', 'plain'] };
const tell = { id: 'tell', type: 'notify', channels: ['slack'], subject: 'S', body: 'B' };

describe('what an expression reads of the inputs', () => {
  const reading = (fields: object) => lintedSteps([{ ...tell, ...fields }], { inputs: { days, dry, tone } });

  test.each([
    { body: '${{ inputs.days }} ${{ inputs.tone }}' },
    { body: "${{ has(inputs.tone) ? inputs.tone : 'none' }}" },
    { if: 'inputs.dry' },
    { if: "inputs.tone == 'plain' || inputs.tone == null || inputs.days == 0" },
    { if: '!inputs.dry && inputs.days > 3' },
    { body: "${{ inputs['days'] }}" },
  ])('%j may be there', (fields) => {
    expect(reading(fields)).toEqual([]);
  });

  test.each([
    [{ body: '${{ inputs.dayz }}' }, "steps[0].body: Unknown input 'dayz'. Did you mean 'days'?"],
    [{ body: "${{ inputs['dayz'] }}" }, "Unknown input 'dayz'."],
    [{ body: '${{ inputs.constructor }}' }, "Unknown input 'constructor'."],
    [{ body: '${{ inputs.days.max }}' }, "The input 'days' is a single value without a field 'max'."],
    [{ if: 'inputs.days' }, 'steps[0].if: `inputs.days` yields a number, but must be true or false.'],
    [{ if: 'inputs.tone' }, '`inputs.tone` yields a text, but must be true or false.'],
    [{ if: 'inputs.dry ? inputs.days : 1.0' }, 'yields a number, but must be true or false.'],
    [{ if: "inputs.tone == 'wram'" }, "`inputs.tone` must be one of 'warm', 'plain', and is never the text 'wram'."],
    [{ if: "inputs.days == '7'" }, "`inputs.days` must be a number of at least 1, and is never the text '7'."],
    [{ if: "inputs.dry == 'true'" }, "`inputs.dry` must be true or false, and is never the text 'true'."],
  ])('%j is never right', (fields, expected) => {
    expect(reading(fields).join('\n')).toContain(expected);
  });

  test('of a playbook that has none is told so', () => {
    expect(lintedSteps([{ ...tell, body: '${{ inputs.days }}' }])).toEqual([
      "steps[0].body: Unknown input 'days'. This playbook has no inputs; add it under 'inputs'.",
    ]);
  });

  test('is checked in criteria, too', () => {
    const criteria = [{ id: 'k', value: 'inputs.dayz', ok: 'value < inputs.days', alert: 'inputs.days' }];
    expect(lintedSteps([tell], { inputs: { days }, criteria }).map((problem) => problem.split(':')[0])).toEqual([
      'criteria[0].value',
      'criteria[0].alert',
    ]);
  });
});

describe('the inputs of a playbook', () => {
  const schedule = { cron: '0 9 * * *', timeZone: 'UTC' };
  const who = { type: 'string', required: true };

  test('may be required where nobody but a person starts it, or where they have a default', () => {
    expect(lintedSteps([tell], { inputs: { who } })).toEqual([]);
    expect(lintedSteps([tell], { schedule, inputs: { who: { ...who, default: 'Ann' } } })).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'required beside a schedule',
      { schedule, inputs: { who } },
      "inputs.who.required: The schedule starts this playbook without inputs, but 'who'",
    ],
    [
      'a word of the language',
      { inputs: { in: days } },
      "inputs.in: 'in' is a reserved word of the expression language",
    ],
    ['a secret', { inputs: { api_key: who } }, "inputs.api_key: An input named 'api_key' looks like a secret"],
    [
      'neither true nor false',
      { inputs: { dry: { type: 'boolean' } } },
      "inputs.dry: 'dry' has no value if none is given, and so is neither true nor false.",
    ],
    [
      'longer together than a record takes',
      {
        inputs: Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, { type: 'string', maxLength: 10_000 }]),
        ),
      },
      'inputs: The texts of the inputs may have 60000 characters in total; at most 50000 are allowed.',
    ],
    [
      'of a playbook whose executions would be taken for those of another',
      { id: 'a_manual' },
      "id: An id must not contain '_manual'",
    ],
  ])('must not be %s', (_, more, expected) => {
    expect(lintedSteps([tell], more).join('\n')).toContain(expected);
  });

  const problemsOf = (inputs: object) =>
    schemaProblems(Playbook, { id: 'p', name: 'P', inputs, steps: [tell] }).map(({ path, message, suggestion }) =>
      `${path.join('.')}: ${message} ${suggestion ?? ''}`.trim(),
    );

  test.each<[object, string]>([
    [{ days: { ...days, default: 0 } }, 'inputs.days.default: The default must be a number of at least 1, but is 0.'],
    [{ days: { ...days, default: '7' } }, 'inputs.days.default: This must be a number'],
    [
      { days: { type: 'number', min: 5, max: 1 } },
      'inputs.days.max: The largest number (1) is below the smallest (5).',
    ],
    [{ days: { type: 'number', integer: true, default: 1.5 } }, 'must be a whole number, but is 1.5.'],
    [{ note: { type: 'string', maxLength: 2, default: 'long' } }, 'The default must be a text of at most 2 characters'],
    [{ note: { type: 'string', maxLength: 10_001 } }, 'inputs.note.maxLength: This must be at most 10000.'],
    [{ tone: { ...tone, default: 'cold' } }, "The default must be one of 'warm', 'plain', but is the text 'cold'."],
    [{ tone: { ...tone, options: [] } }, 'inputs.tone.options: This must have at least 1 item.'],
    [{ tone: { ...tone, options: ['a', 'a'] } }, 'inputs.tone.options: The same option is listed twice.'],
    [{ dry: { ...dry, min: 1 } }, "inputs.dry.min: Unknown field 'min'."],
    [{ dry: { type: 'bool' } }, "inputs.dry.type: Unknown input type 'bool'. Allowed: 'string', 'number'"],
    [{ 'Days!': days }, 'inputs.Days!: The key must start with a lowercase letter'],
    [
      Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`i${index}`, dry])),
      'A playbook has at most 20 inputs.',
    ],
  ])('%j do not fit', (inputs, expected) => {
    expect(problemsOf(inputs).join('\n')).toContain(expected);
  });
});
