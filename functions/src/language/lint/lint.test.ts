import { describe, expect, test } from 'vitest';
import { lintedSteps as lint } from '#testing/builders/small-catalog.ts';

const ping = { id: 'a', type: 'tool_call', tool: 'ping' };
const tell = { id: 'tell', type: 'notify', channels: ['slack'], subject: 'S', body: 'B' };

const when = (then: readonly object[], more: object = {}) => ({
  id: 'c',
  type: 'condition',
  if: 'true',
  then,
  ...more,
});

describe('steps', () => {
  test('a playbook that reads what ran before has no problems', () => {
    const steps = [
      ping,
      when([{ ...tell, body: '${{ steps.a.output.text }} at ${{ now }}' }], {
        else: [{ ...ping, id: 'b' }],
        if: 'size(steps.a.output) > 0',
      }),
      {
        ...tell,
        id: 'last',
        body: '${{ has(steps.b.output.x) ? steps.b.output.x : steps.tell.status }}',
        onFailure: 'continue',
        critical: false,
      },
    ];
    expect(
      lint(steps, { criteria: [{ id: 'k', value: 'steps.b.output.n', ok: 'value < 1', alert: 'value > 2' }] }),
    ).toEqual([]);
  });

  test.each([
    [
      'an id that stands twice, also when nested',
      [ping, when([ping])],
      "steps[1].then[0].id: An earlier step also has the id 'a'",
    ],
    [
      'an id that the language reserves',
      [{ ...ping, id: 'in' }],
      "steps[0].id: 'in' is a reserved word of the expression language",
    ],
    [
      'a step that reads itself',
      [{ ...ping, if: "steps.a.status == 'failed'" }],
      "steps[0].if: The step 'a' reads itself",
    ],
    [
      'a step that reads a later one',
      [{ ...tell, body: '${{ steps.a.output }}' }, ping],
      "steps[0].body: The step 'a' runs later",
    ],
    [
      'a branch that reads a later branch',
      [when([{ ...tell, body: '${{ steps.b.status }}' }], { else: [{ ...ping, id: 'b' }] })],
      "The step 'b' runs later",
    ],
    [
      'a step that is not there',
      [ping, { ...tell, body: '${{ steps.aa.output }}' }],
      "Unknown step 'aa'. Did you mean 'a'?",
    ],
    [
      'a field that steps do not have',
      [ping, { ...tell, body: '${{ steps.a.offline }}' }],
      "Did you mean 'steps.a.output.offline'?",
    ],
    [
      'a step named without steps',
      [ping, { ...tell, body: '${{ a.offline }}' }],
      "Unknown name 'a'. Did you mean 'steps.a.output'?",
    ],
    [
      'a name that is not there',
      [{ ...tell, body: '${{ widnow.start }}' }],
      "Unknown name 'widnow'. Did you mean 'window'?",
    ],
    ['a field that a name does not have', [{ ...tell, body: '${{ window.begin }}' }], "'window' has no field 'begin'"],
    ['value outside of criteria', [{ ...tell, if: 'value > 1' }], "steps[0].if: Unknown name 'value'"],
    [
      'a failure target that comes before',
      [ping, { ...tell, onFailure: 'a' }],
      'steps[1].onFailure: onFailure must be abort, continue, or the id of a later step',
    ],
    ['a failure target that is nested elsewhere', [{ ...ping, onFailure: 'tell' }, when([tell])], 'steps[0].onFailure'],
    [
      'a step that is not critical and aborts',
      [{ ...ping, critical: false }],
      "steps[0].critical: The step 'a' is not critical",
    ],
    [
      'more than 200 steps, nested ones counted',
      [when(Array.from({ length: 200 }, (_, index) => ({ ...ping, id: `s${index}` })))],
      'steps: The playbook has 201 steps',
    ],
  ])('%s', (_, steps, expected) => {
    expect(lint(steps).join('\n')).toContain(expected);
  });

  test('nesting deeper than five', () => {
    const nested = (depth: number): object => when([depth === 0 ? ping : { ...nested(depth - 1), id: `d${depth}` }]);
    expect(lint([nested(3)])).toEqual([]);
    expect(lint([nested(4)]).join()).toContain('nested 6 deep; at most 5 is allowed');
  });

  test('a failure target that comes later beside the step', () => {
    expect(lint([{ ...ping, onFailure: 'tell' }, tell])).toEqual([]);
  });
});

describe('expressions', () => {
  test.each([
    [
      'an `if` inside ${{ }}, and what is wrong inside it',
      { if: '${{ steps.x.output > 1 }}' },
      'Write: steps.x.output > 1',
    ],
    ['an `if` that is a text', { if: "'yes'" }, 'yields a text, but must be true or false'],
    ['an `if` that is a number', { if: 'size(now)' }, 'yields a number, but must be true or false'],
    ['an `if` that cannot be read', { if: 'now ==' }, 'cannot be parsed'],
    ['a list in a text', { body: 'x ${{ [1].map(i, i) }}' }, 'yields a list, which cannot be inserted into text'],
    ['a template that is not closed', { body: 'x ${{ now' }, "'}}' is missing"],
    ['an unknown function', { body: '${{ upper(now) }}' }, "calls the unknown function 'upper'"],
    [
      'a status that is compared with a number',
      { if: 'steps.before.status != 200' },
      "`steps.before.status` is the outcome of the step ('succeeded', 'failed', 'skipped', 'pending') and is never 200. Did you mean steps.before.output.status?",
    ],
    ['an unknown status', { if: "'suceeded' == steps.before.status" }, "Did you mean 'succeeded'?"],
    ['a division that drops the fraction', { body: '${{ size(now) / 2 }}' }, 'drops the fraction. Write double(a) / b'],
  ])('%s', (_, fields, expected) => {
    expect(
      lint([
        { ...ping, id: 'before' },
        { ...tell, ...fields },
      ]).join('\n'),
    ).toContain(expected);
  });

  test('a status may be compared with what it may be, and an output with anything', () => {
    const body = "${{ steps.a.status == 'failed' || steps.a.output.status != 200 || steps.a.output.x == null }}";
    expect(lint([ping, { ...tell, body }])).toEqual([]);
  });

  test('the expression of a condition is checked once', () => {
    expect(lint([when([ping], { if: 'steps.x.output' })])).toEqual(["steps[0].if: Unknown step 'x'."]);
  });

  test('criteria see every step, and value only in their bands', () => {
    const criterion = { id: 'k', value: 'value + steps.x.output', ok: 'value', alert: 'value > steps.a.output.n' };
    expect(
      lint([ping], { criteria: [criterion, criterion] }).filter((problem) => problem.startsWith('criteria[1]')),
    ).toEqual([
      "criteria[1].id: An earlier criterion also has the id 'k'.",
      "criteria[1].value: Unknown name 'value'. There are 'steps', 'inputs', 'trigger', 'playbook', 'execution', 'window', 'now'.",
      "criteria[1].value: Unknown step 'x'. Did you mean 'a'?",
    ]);
  });
});

describe('times', () => {
  const utc = { cron: '0 14 * * 1-5', timeZone: 'UTC' };
  test.each([
    ['a cron that cannot be read', { schedule: { ...utc, cron: '0 14 * *' } }, 'schedule.cron:'],
    ['an abbreviated zone', { schedule: { ...utc, timeZone: 'EST' } }, "schedule.timeZone: 'EST' is not a time zone"],
    [
      'UTC under a name that speaks of local time',
      { schedule: utc, description: 'Every weekday at 9:00 AM EST.' },
      "mentions local time ('9:00 AM')",
    ],
    ['UTC under a name that names a city', { schedule: utc, name: 'Morning in New York' }, "('New York')"],
    [
      'a deadline beyond what Cloud Scheduler waits',
      { deadline: '29m' },
      'deadline: The deadline 29m is longer than 28m',
    ],
    [
      'an expectation beyond the deadline',
      { deadline: '5m', expectedDuration: '7m' },
      'expectedDuration: An execution is expected to take 7m',
    ],
  ])('%s', (_, more, expected) => {
    expect(lint([ping], more).join('\n')).toContain(expected);
  });

  test('a local zone, or UTC that nobody calls local, is fine', () => {
    expect(
      lint([ping], {
        schedule: { cron: '0 9 * * 1-5', timeZone: 'America/New_York' },
        description: '9 AM in New York',
      }),
    ).toEqual([]);
    expect(
      lint([ping], {
        schedule: utc,
        description: 'Best effort, 14:00 each weekday',
        deadline: '28m',
        expectedDuration: '28m',
      }),
    ).toEqual([]);
  });
});
