import type { Json, JsonObject } from '#core/json.ts';

/** A function or an operator of expressions, with an example that yields `result` on `EXAMPLE_SCOPE`. */
export interface ExpressionEntry {
  readonly usage: string;
  readonly meaning: string;
  readonly example: string;
  readonly result: Json;
}

/** What the examples read. */
export const EXAMPLE_SCOPE: JsonObject = {
  now: '2026-11-20T14:00:00.000Z',
  window: { start: '2026-11-19T14:00:00.000Z' },
  steps: {
    a: {
      output: {
        count: 3,
        share: 0.125,
        none: null,
        list: [
          { name: 'gmail', ms: 90 },
          { name: 'drive', ms: 700 },
        ],
      },
    },
  },
};

/** The names that expressions may read. */
export const expressionNames: readonly { readonly name: string; readonly meaning: string }[] = [
  { name: 'steps.<id>.output', meaning: 'What the step left; null while it has not run, and when it was skipped.' },
  { name: 'steps.<id>.status', meaning: '`pending`, `running`, `succeeded`, `failed` or `skipped`.' },
  { name: 'steps.<id>.failure', meaning: '`code` and `message` of a failed step; else null.' },
  { name: 'inputs.<name>', meaning: 'What was given when it was started by hand; else the default, or null.' },
  { name: 'trigger.kind, trigger.slot', meaning: 'What started the execution, and the slot it is for (null by hand).' },
  { name: 'playbook.id, playbook.name, playbook.version', meaning: 'The definition that runs.' },
  { name: 'execution.id', meaning: 'The record of this execution.' },
  { name: 'window.start, window.end', meaning: 'What the execution looks at: since the slot before this one.' },
  { name: 'now', meaning: 'The present, as a text like `2026-11-20T14:00:00.000Z`.' },
  { name: 'value', meaning: 'In `ok` and `alert` of a criterion: what was measured.' },
];

const list = 'steps.a.output.list';

/** The functions and operators of expressions, those that are needed most first. */
export const expressionFunctions: readonly ExpressionEntry[] = [
  {
    usage: '== != < <= > >=',
    meaning: 'Compares. Texts compare by character; different kinds are never equal.',
    example: 'steps.a.output.count > 2',
    result: true,
  },
  {
    usage: '&& || !',
    meaning: 'And, or, not.',
    example: `size(${list}) > 1 && !(steps.a.output.count == 1)`,
    result: true,
  },
  {
    usage: '+ - * / %',
    meaning: 'Arithmetic. Dividing one whole number by another drops the fraction; `double(x)` keeps it.',
    example: 'steps.a.output.count / 2',
    result: 1.5,
  },
  {
    usage: 'a ? b : c',
    meaning: '`b` where `a` is true, else `c`.',
    example: "steps.a.output.count > 5 ? 'many' : 'few'",
    result: 'few',
  },
  { usage: 'x in list, key in map', meaning: 'Whether it is in there.', example: "'a' in ['a', 'b']", result: true },
  {
    usage: 'has(a.b)',
    meaning: 'Whether the field is there and not null.',
    example: "has(steps.a.output.none) ? steps.a.output.none : 'none'",
    result: 'none',
  },
  { usage: 'size(x)', meaning: 'How many items, fields or characters.', example: `size(${list})`, result: 2 },
  {
    usage: 'list.map(x, …)',
    meaning: 'Each item made into something else.',
    example: `${list}.map(x, x.name)`,
    result: ['gmail', 'drive'],
  },
  {
    usage: 'list.filter(x, …)',
    meaning: 'The items for which it is true.',
    example: `${list}.filter(x, x.ms > 500).map(x, x.name)`,
    result: ['drive'],
  },
  {
    usage: 'list.all(x, …)',
    meaning: 'Whether it is true for every item.',
    example: `${list}.all(x, x.ms < 500)`,
    result: false,
  },
  {
    usage: 'list.exists(x, …)',
    meaning: 'Whether it is true for some item.',
    example: `${list}.exists(x, x.ms > 500)`,
    result: true,
  },
  {
    usage: 'list.exists_one(x, …)',
    meaning: 'Whether it is true for exactly one item.',
    example: `${list}.exists_one(x, x.ms > 500)`,
    result: true,
  },
  {
    usage: "list.join(', ')",
    meaning: 'One text of many.',
    example: `${list}.map(x, x.name).join(', ')`,
    result: 'gmail, drive',
  },
  { usage: "text.split(',')", meaning: 'Many texts of one.', example: "'a,b'.split(',')", result: ['a', 'b'] },
  {
    usage: 'text.contains(x), .startsWith(x), .endsWith(x)',
    meaning: 'Whether the text holds, begins or ends with another.',
    example: "now.startsWith('2026')",
    result: true,
  },
  {
    usage: 'text.matches(pattern)',
    meaning: 'Whether an RE2 pattern is found in the text.',
    example: "'v1.2'.matches('^v[0-9]+')",
    result: true,
  },
  {
    usage: 'text.replace(a, b)',
    meaning: 'Every `a` replaced by `b`.',
    example: "'a-b-c'.replace('-', ' ')",
    result: 'a b c',
  },
  {
    usage: 'text.substring(start, end)',
    meaning: 'A part of a text; `end` may be left out.',
    example: 'now.substring(0, 10)',
    result: '2026-11-20',
  },
  {
    usage: 'text.indexOf(x), .lastIndexOf(x), .charAt(i)',
    meaning: 'A place in a text, and the character at a place.',
    example: "'abc'.indexOf('c')",
    result: 2,
  },
  {
    usage: 'text.trim(), .lowerAscii(), .upperAscii()',
    meaning: 'Without space around it; in small or capital letters.',
    example: "' Ab '.trim().lowerAscii()",
    result: 'ab',
  },
  {
    usage: 'text.format(list)',
    meaning: 'Fills `%s`, `%d` (whole numbers) and `%.2f` (fractions).',
    example: "'%s: %.1f'.format(['share', 12.5])",
    result: 'share: 12.5',
  },
  {
    usage: 'round(x, digits)',
    meaning: 'Rounded; halves away from zero.',
    example: 'round(steps.a.output.share * 100, 0)',
    result: 13,
  },
  {
    usage: 'fixed(x, digits)',
    meaning: 'The same as text, with exactly that many digits.',
    example: "fixed(steps.a.output.share * 100, 1) + '%'",
    result: '12.5%',
  },
  {
    usage: 'toJson(x)',
    meaning: 'Anything as JSON text.',
    example: `toJson(${list}[0])`,
    result: '{"name":"gmail","ms":90}',
  },
  {
    usage: 'string(x), int(x), double(x), bool(x)',
    meaning: 'Made into a text, a whole number, a fraction, a truth value.',
    example: "int('7') + int(2.9)",
    result: 9,
  },
  {
    usage: 'timestamp(text), duration(text)',
    meaning: 'Points and lengths of time, to compare and subtract.',
    example: "timestamp(now) - timestamp(window.start) >= duration('24h')",
    result: true,
  },
  {
    usage: 'timestamp(text).getDayOfWeek(zone)',
    meaning:
      'Also getHours, getMinutes, getDate, getMonth (from 0), getFullYear, getDayOfYear (from 0). Sunday is 0; without a zone UTC.',
    example: "timestamp(now).getHours('America/New_York')",
    result: 9,
  },
];
