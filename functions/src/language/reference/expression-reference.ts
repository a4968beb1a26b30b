import type { Json } from '#core/json.ts';

/** A function or operator of expressions, with an example that yields `result` on `EXAMPLE_SCOPE`. */
export interface ExpressionEntry {
  readonly usage: string;
  readonly meaning: string;
  readonly example: string;
  readonly result: Json;
}

/** The names that expressions may read. */
export const expressionNames: readonly { readonly name: string; readonly meaning: string }[] = [
  { name: 'steps.<id>.output', meaning: 'The output of the step; null if it has not run yet or was skipped.' },
  { name: 'steps.<id>.status', meaning: '`pending`, `running`, `succeeded`, `failed` or `skipped`.' },
  { name: 'steps.<id>.failure', meaning: '`code` and `message` of a failed step; otherwise null.' },
  { name: 'inputs.<name>', meaning: 'The value given to a manual start; otherwise the default, or null.' },
  { name: 'trigger.kind, trigger.slot', meaning: 'What started the execution, and its slot (null if manual).' },
  { name: 'playbook.id, playbook.name, playbook.version', meaning: 'The playbook that is running.' },
  { name: 'execution.id', meaning: 'The id of this execution.' },
  { name: 'window.start, window.end', meaning: 'The period it covers: from the previous slot to its own.' },
  { name: 'now', meaning: 'The current time, as a text like `2026-11-20T14:00:00.000Z`.' },
  { name: 'value', meaning: 'In `ok` and `alert` of a criterion: the measured value.' },
];

const list = 'steps.a.output.list';

/** The functions and operators of expressions, most used first. */
export const expressionFunctions: readonly ExpressionEntry[] = [
  {
    usage: '== != < <= > >=',
    meaning: 'Compares. Texts compare by character; different types are never equal.',
    example: 'steps.a.output.count > 2',
    result: true,
  },
  {
    usage: '&& || !',
    meaning: 'Logical and, or, not.',
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
    meaning: '`b` if `a` is true, otherwise `c`.',
    example: "steps.a.output.count > 5 ? 'many' : 'few'",
    result: 'few',
  },
  { usage: 'x in list, key in map', meaning: 'Tests for membership.', example: "'a' in ['a', 'b']", result: true },
  {
    usage: 'has(a.b)',
    meaning: 'Whether the field exists and is not null.',
    example: "has(steps.a.output.none) ? steps.a.output.none : 'none'",
    result: 'none',
  },
  { usage: 'size(x)', meaning: 'Number of items, fields or characters.', example: `size(${list})`, result: 2 },
  {
    usage: 'list.map(x, …)',
    meaning: 'A list with each item transformed.',
    example: `${list}.map(x, x.name)`,
    result: ['gmail', 'drive'],
  },
  {
    usage: 'list.filter(x, …)',
    meaning: 'The items for which the condition is true.',
    example: `${list}.filter(x, x.ms > 500).map(x, x.name)`,
    result: ['drive'],
  },
  {
    usage: 'list.all(x, …)',
    meaning: 'Whether the condition is true for every item.',
    example: `${list}.all(x, x.ms < 500)`,
    result: false,
  },
  {
    usage: 'list.exists(x, …)',
    meaning: 'Whether the condition is true for some item.',
    example: `${list}.exists(x, x.ms > 500)`,
    result: true,
  },
  {
    usage: 'list.exists_one(x, …)',
    meaning: 'Whether the condition is true for exactly one item.',
    example: `${list}.exists_one(x, x.ms > 500)`,
    result: true,
  },
  {
    usage: "list.join(', ')",
    meaning: 'Joins the texts of a list.',
    example: `${list}.map(x, x.name).join(', ')`,
    result: 'gmail, drive',
  },
  { usage: "text.split(',')", meaning: 'Splits a text into a list.', example: "'a,b'.split(',')", result: ['a', 'b'] },
  {
    usage: 'text.contains(x), .startsWith(x), .endsWith(x)',
    meaning: 'Whether the text contains, starts with or ends with another.',
    example: "now.startsWith('2026')",
    result: true,
  },
  {
    usage: 'text.matches(pattern)',
    meaning: 'Whether the text matches an RE2 pattern, anywhere in it.',
    example: "'v1.2'.matches('^v[0-9]+')",
    result: true,
  },
  {
    usage: 'text.replace(a, b)',
    meaning: 'Replaces every `a` with `b`.',
    example: "'a-b-c'.replace('-', ' ')",
    result: 'a b c',
  },
  {
    usage: 'text.substring(start, end)',
    meaning: 'Part of a text; `end` is optional.',
    example: 'now.substring(0, 10)',
    result: '2026-11-20',
  },
  {
    usage: 'text.indexOf(x), .lastIndexOf(x), .charAt(i)',
    meaning: 'The position of a text in another, and the character at a position.',
    example: "'abc'.indexOf('c')",
    result: 2,
  },
  {
    usage: 'text.trim(), .lowerAscii(), .upperAscii()',
    meaning: 'Removes surrounding whitespace; converts to lowercase or uppercase.',
    example: "' Ab '.trim().lowerAscii()",
    result: 'ab',
  },
  {
    usage: 'text.format(list)',
    meaning: 'Fills in `%s`, `%d` (whole numbers) and `%.2f` (fractions).',
    example: "'%s: %.1f'.format(['share', 12.5])",
    result: 'share: 12.5',
  },
  {
    usage: 'round(x, digits)',
    meaning: 'Rounds; halves away from zero.',
    example: 'round(steps.a.output.share * 100, 0)',
    result: 13,
  },
  {
    usage: 'fixed(x, digits)',
    meaning: 'Rounds to a text with exactly that many decimals.',
    example: "fixed(steps.a.output.share * 100, 1) + '%'",
    result: '12.5%',
  },
  {
    usage: 'toJson(x)',
    meaning: 'Converts any value to JSON text.',
    example: `toJson(${list}[0])`,
    result: '{"name":"gmail","ms":90}',
  },
  {
    usage: 'string(x), int(x), double(x), bool(x)',
    meaning: 'Converts to a text, a whole number, a fraction or a boolean.',
    example: "int('7') + int(2.9)",
    result: 9,
  },
  {
    usage: 'timestamp(text), duration(text)',
    meaning: 'Points in time and durations, which can be compared and subtracted.',
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
