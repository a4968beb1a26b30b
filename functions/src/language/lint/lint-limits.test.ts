import { describe, expect, test } from 'vitest';
import { lintedSteps as lint } from '#testing/builders/small-catalog.ts';

const ping = { id: 'a', type: 'tool_call', tool: 'ping' };
const tell = { id: 'tell', type: 'notify', channels: ['slack'], subject: 'S', body: 'B' };
const when = (then: readonly object[]) => ({ id: 'c', type: 'condition', if: 'true', then });
const pings = (count: number) => Array.from({ length: count }, (_, index) => ({ ...ping, id: `s${index}` }));

describe('the id of a playbook', () => {
  test.each(['manual', 'manual_x', 'a_manually', 'a_manuals', 'a_manual2', 'amanual', 'amanual_x', 'a_manua_l'])(
    'may be %s',
    (id) => {
      expect(lint([ping], { id })).toEqual([]);
    },
  );

  test.each(['a_manual', 'a_manual_x', 'a_manual_x_manual', 'a_manual_', 'a_b_manual', 'a_manual_manual'])(
    'may not be %s: its executions would be taken for those of another playbook',
    (id) => {
      expect(lint([ping], { id })).toEqual([expect.stringContaining("id: An id must not contain '_manual'")]);
    },
  );
});

describe('the steps of a playbook', () => {
  test.each([
    ['199', pings(199)],
    ['200', pings(200)],
    ['200, nested ones counted', [...pings(100), when(pings(199).slice(100))]],
  ])('may be %s', (_, steps) => {
    expect(lint(steps)).toEqual([]);
  });

  test.each([
    ['201 in one block', [when(pings(200))], 201],
    ['201 in several lists', [...pings(100), when(pings(200).slice(100))], 201],
    ['202', [...pings(100), when(pings(201).slice(100))], 202],
  ])('may not be %s', (_, steps, count) => {
    expect(lint(steps)).toEqual([
      `steps: The playbook has ${count} steps, including nested ones; at most 200 are allowed. Split it into several playbooks.`,
    ]);
  });

  test.each([
    [1, true],
    [4, true],
    [5, true],
    [6, false],
    [7, false],
  ])('may be nested %i deep: %s', (depth, isAllowed) => {
    const nested = (levels: number): object =>
      levels === 1 ? ping : { ...when([nested(levels - 1)]), id: `d${levels}` };
    const message = expect.stringContaining(`is nested 6 deep; at most 5 is allowed`);

    expect(lint([nested(depth)])).toEqual(isAllowed ? [] : [message]);
  });
});

describe('onFailure', () => {
  const steps = (onFailure: string | undefined) => [
    { ...ping, id: 'first' },
    { ...ping, id: 'own', ...(onFailure === undefined ? {} : { onFailure }) },
    { ...ping, id: 'next' },
    when([{ ...tell, id: 'nested' }]),
    { ...ping, id: 'last' },
  ];

  test.each([undefined, 'abort', 'continue', 'next', 'c', 'last'])('may be %s', (onFailure) => {
    expect(lint(steps(onFailure))).toEqual([]);
  });

  test.each(['own', 'first', 'nested', 'nowhere', 'Abort'])('may not be %j', (onFailure) => {
    expect(lint(steps(onFailure))).toEqual([
      expect.stringContaining(
        `steps[1].onFailure: onFailure must be abort, continue, or the id of a later step in the`,
      ),
    ]);
  });
});

describe('a step', () => {
  const critical = "steps[0].critical: The step 'a' is not critical, but its failure still aborts the execution.";

  test.each<[boolean | undefined, string | undefined, boolean]>([
    [undefined, undefined, true],
    [undefined, 'abort', true],
    [undefined, 'continue', true],
    [true, undefined, true],
    [true, 'abort', true],
    [true, 'continue', true],
    [false, undefined, false],
    [false, 'abort', false],
    [false, 'continue', true],
  ])('with critical: %s and onFailure: %s has no contradiction: %s', (isCritical, onFailure, isFine) => {
    const fields = {
      ...(isCritical !== undefined && { critical: isCritical }),
      ...(onFailure !== undefined && { onFailure }),
    };

    expect(lint([{ ...ping, ...fields }])).toEqual(
      isFine ? [] : [`${critical} Add onFailure: continue, or the id of a later step.`],
    );
  });
});

describe('what is filled in', () => {
  test.each([
    '${{ trigger.kind }}',
    'x-${{ trigger.kind }}',
    '${{ trigger.kind }}@example.com',
    'a b ${{ now }}',
    '${{ now }}@',
  ])('is not known yet and so accepted: %s', (filled) => {
    expect(lint([{ ...tell, to: [filled] }])).toEqual([]);
    expect(lint([{ ...tell, channels: ['email'], to: [filled] }])).toEqual([]);
    expect(lint([{ ...tell, channels: [filled] }])).toEqual([]);
    expect(lint([{ ...ping, tool: filled }])).toEqual([]);
    expect(lint([{ id: 'd', type: 'delegate', agent: filled, task: 'T' }])).toEqual([]);
    expect(lint([{ id: 't', type: 'create_thread', assignee: filled, title: 'T' }])).toEqual([]);
  });
});

describe('the inputs of a playbook', () => {
  const texts = (...lengths: readonly number[]) =>
    Object.fromEntries(lengths.map((maxLength, index) => [`i${index}`, { type: 'string', maxLength }]));

  test.each([
    ['49,999 characters', texts(10_000, 10_000, 10_000, 10_000, 9_999)],
    ['50,000 characters', texts(10_000, 10_000, 10_000, 10_000, 10_000)],
    [
      '50,000 characters, and figures besides',
      { ...texts(10_000, 10_000, 10_000, 10_000, 10_000), n: { type: 'number' } },
    ],
  ])('may have %s', (_, inputs) => {
    expect(lint([ping], { inputs })).toEqual([]);
  });

  test('may not have 50,001 characters', () => {
    expect(lint([ping], { inputs: texts(10_000, 10_000, 10_000, 10_000, 10_000, 1) })).toEqual([
      expect.stringContaining('may have 50001 characters in total; at most 50000 are allowed'),
    ]);
  });

  const schedule = { cron: '0 9 * * *', timeZone: 'UTC' };
  const types = [
    ['string', 'x'],
    ['number', 1],
    ['boolean', false],
    ['choice', 'a'],
  ] as const;
  const rows = types.flatMap(([type, value]) =>
    [undefined, value].flatMap((given) =>
      [false, true].flatMap((required) => [false, true].map((isScheduled) => ({ type, given, required, isScheduled }))),
    ),
  );

  test.each(rows)('with $type, default $given, required $required, scheduled $isScheduled', (row) => {
    const { type, given, required, isScheduled } = row;
    const options = type === 'choice' ? { options: ['a', 'b'] } : {};
    const input = { type, required, ...options, ...(given === undefined ? {} : { default: given }) };
    const problems = [
      ...(type === 'boolean' && given === undefined && !required ? ['inputs.one'] : []),
      ...(isScheduled && given === undefined && required ? ['inputs.one.required'] : []),
    ];

    const found = lint([ping], { inputs: { one: input }, ...(isScheduled ? { schedule } : {}) });

    expect(found.map((problem) => problem.split(':')[0])).toEqual(problems);
  });
});
