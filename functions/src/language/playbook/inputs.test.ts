import { describe, expect, test } from 'vitest';
import { checkInputs, defaultInputs, parseInputs } from './inputs.ts';
import { Playbook } from './playbook.ts';

const playbook = Playbook.parse({
  id: 'p',
  name: 'P',
  inputs: {
    days: { type: 'number', integer: true, min: 1, max: 90, default: 7 },
    share: { type: 'number', min: 0 },
    dry: { type: 'boolean', default: false },
    note: { type: 'string', maxLength: 5 },
    tone: { type: 'choice', options: ['warm', 'plain'], default: 'warm' },
  },
  steps: [{ id: 'a', type: 'x' }],
});
const DEFAULTS = { days: 7, share: null, dry: false, note: null, tone: 'warm' };

describe('inputs', () => {
  test('that are not given have their default, else null', () => {
    expect(parseInputs(playbook, {})).toEqual(DEFAULTS);
    expect(defaultInputs(playbook)).toEqual(DEFAULTS);
    expect(parseInputs({}, {})).toEqual({});
  });

  test('are taken as they are given', () => {
    const given = { days: 90, share: 0.5, dry: true, note: 'héllo', tone: 'plain' };
    expect(parseInputs(playbook, given)).toEqual(given);
  });

  test('that a form sends as text are what the text says', () => {
    expect(parseInputs(playbook, { days: ' 12 ', share: '1.5e-2', dry: 'true', note: '12' })).toEqual({
      ...DEFAULTS,
      days: 12,
      share: 0.015,
      dry: true,
      note: '12',
    });
  });

  test.each([[''], [null]])('that are %j are not given', (nothing) => {
    const given = { days: nothing, share: nothing, dry: nothing, note: nothing, tone: nothing };
    expect(parseInputs(playbook, given)).toEqual(DEFAULTS);
  });

  test.each([
    [{ days: 0 }, 'days must be a whole number from 1 to 90, but is 0.'],
    [{ days: 7.5 }, 'days must be a whole number from 1 to 90, but is 7.5.'],
    [{ days: '0x10' }, "but is the text '0x10'."],
    [{ days: '1e999' }, 'days must be a whole number from 1 to 90'],
    [{ days: 'Infinity' }, "but is the text 'Infinity'."],
    [{ days: '1,5' }, "but is the text '1,5'."],
    [{ days: true }, 'but is true.'],
    [{ days: [7] }, 'but is a list of 1.'],
    [{ share: -1 }, 'share must be a number of at least 0, but is -1.'],
    [{ dry: 'yes' }, "dry must be true or false, but is the text 'yes'."],
    [{ dry: 1 }, 'dry must be true or false, but is 1.'],
    [{ note: 5 }, 'note must be a text of at most 5 characters, but is 5.'],
    [{ note: '123456' }, "note must be a text of at most 5 characters, but is the text '123456' of 6 characters."],
    [{ note: { a: 1 } }, 'but is an object.'],
    [{ tone: 'Warm' }, "tone must be one of 'warm', 'plain', but is the text 'Warm'."],
    [{ tonn: 'warm' }, "Unknown input 'tonn'. Did you mean 'tone'?"],
    [{ constructor: 1 }, "Unknown input 'constructor'."],
    [[], 'The inputs must be an object with a field for each, but are a list of 0.'],
    ['days=7', "but are the text 'days=7'."],
  ])('%j are refused with what would be right', (given, expected) => {
    expect(() => parseInputs(playbook, given)).toThrow(
      expect.objectContaining({ code: 'input_invalid', message: expect.stringContaining(expected) }),
    );
  });

  test('that are wrong in several places are told all at once, by name', () => {
    expect(checkInputs(playbook, { days: 'x', nope: 1, dry: 2 })).toMatchObject({
      ok: false,
      problems: [{ input: 'nope' }, { input: 'days' }, { input: 'dry' }],
    });
  });

  test('that are required must be given, unless there is a default', () => {
    const inputs = {
      who: { type: 'string', required: true, maxLength: 50 },
      when: { type: 'string', required: true, maxLength: 50, default: 'now' },
    } as const;
    expect(() => parseInputs({ inputs }, { who: '' })).toThrow(
      'who is required; it must be a text of at most 50 characters.',
    );
    expect(parseInputs({ inputs }, { who: 'Ann' })).toEqual({ who: 'Ann', when: 'now' });
  });

  test('to a playbook that has none are refused', () => {
    expect(() => parseInputs({}, { days: 7 })).toThrow("Unknown input 'days'. The playbook has no inputs.");
  });

  test('contain no lone surrogate', () => {
    expect(parseInputs(playbook, { note: 'a\uD83D' })).toMatchObject({ note: 'a\uFFFD' });
  });
});
