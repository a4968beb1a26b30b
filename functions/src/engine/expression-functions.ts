import {
  celEnv,
  celFunc,
  celList,
  celMethod,
  CelScalar,
  isCelError,
  isCelList,
  isCelMap,
  listType,
  type CelEnv,
  type CelFunc,
  type CelInput,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { Meter } from './expression-meter.ts';
import { finite, toJsonValue, withinText } from './expression-values.ts';

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const MAX_LIST_ITEMS = 100_000;
const MAX_DIGITS = 12;
const CHARS_PER_WORK = 10;
const MAX_MESSAGE_CHARS = 500;

/** Wraps the condition of every loop, so that loops end when the meter says so. */
export const TICK = '@tick';
/** Wraps what every loop goes over. */
export const RANGE = '@range';
/** Stands for `+` where a macro collects its result, because adding one list per round is quadratic. */
export const APPEND = '@append';

/**
 * The functions of expressions: CEL's own and its string functions; arithmetic that mixes whole numbers and fractions and
 * refuses what is not a finite number; `round`, `fixed`, `toJson`; everything that can grow or take long is metered.
 */
export function expressionEnvironment(meter: Meter): CelEnv {
  const standard = celEnv({ funcs: strings });
  const funcs = [
    ...[...standard.funcs].filter(readsText).map((func) => metered(func, meter)),
    ...arithmetic(),
    ...rounding(),
    ...loopFunctions(meter),
    ...textFunctions(meter),
    ...comparisons(meter, standard),
  ];
  return celEnv({ funcs });
}

function arithmetic(): readonly CelFunc[] {
  const operators: readonly (readonly [string, (left: number, right: number) => number])[] = [
    ['_+_', (left, right) => left + right],
    ['_-_', (left, right) => left - right],
    ['_*_', (left, right) => left * right],
    ['_/_', (left, right) => left / nonZero(right)],
    ['_%_', (left, right) => left % nonZero(right)],
  ];
  const mixed = operators.flatMap(([name, apply]) => [
    celFunc(name, [DOUBLE, DOUBLE], DOUBLE, (left, right) => finite(apply(left, right))),
    celFunc(name, [DOUBLE, INT], DOUBLE, (left, right) => finite(apply(left, Number(right)))),
    celFunc(name, [INT, DOUBLE], DOUBLE, (left, right) => finite(apply(Number(left), right))),
  ]);
  const parsed = celFunc('double', [STRING], DOUBLE, (text) => {
    if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text))
      throw new Error(`'${text.slice(0, 40)}' is not a number`);
    return finite(Number(text));
  });
  return [...mixed, parsed];
}

function nonZero(divisor: number): number {
  if (divisor === 0) throw new Error('division by zero');
  return divisor;
}

function rounding(): readonly CelFunc[] {
  return [DOUBLE, INT].flatMap((type) =>
    [DOUBLE, INT].flatMap((digitsType) => [
      celFunc('round', [type, digitsType], DOUBLE, (value, digits) => Number(fixed(Number(value), Number(digits)))),
      celFunc('fixed', [type, digitsType], STRING, (value, digits) => fixed(Number(value), Number(digits))),
    ]),
  );
}

const formats = new Map<number, Intl.NumberFormat>();

/** Decimal notation with exactly `digits` digits; halves are rounded away from zero, as the number is written. */
function fixed(value: number, digits: number): string {
  if (!Number.isInteger(digits) || digits < 0 || digits > MAX_DIGITS) {
    throw new Error(`the number of digits must be a whole number from 0 to ${MAX_DIGITS}`);
  }
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
      signDisplay: 'negative',
    });
    formats.set(digits, format);
  }
  return format.format(finite(value));
}

function loopFunctions(meter: Meter): readonly CelFunc[] {
  const collected = new WeakMap<CelList, CelInput[]>();
  return [
    celFunc(TICK, [DYN], DYN, (condition) => (meter.iterate() ? condition : false)),
    celFunc(RANGE, [DYN], DYN, (range) => {
      meter.charge(weight(range));
      return range;
    }),
    celFunc(APPEND, [LIST, LIST], LIST, (list, more) => {
      const items = collected.get(list);
      if (items !== undefined) {
        items.push(...more);
        return list;
      }
      const started: CelInput[] = [...list, ...more];
      const grown = celList(started);
      collected.set(grown, started);
      return grown;
    }),
    celFunc('_+_', [LIST, LIST], LIST, (left, right) => {
      if (left.size + right.size > MAX_LIST_ITEMS) throw new Error('the list has more than 100,000 items');
      meter.charge(left.size + right.size);
      return celList([...left, ...right]);
    }),
  ];
}

function readsText({ target, arguments: args }: CelFunc): boolean {
  return target === STRING || args.includes(STRING);
}

/** The function, paid for by the text that it reads and makes: a loop may give it the same long text again and again. */
function metered(func: CelFunc, meter: Meter): CelFunc {
  function call(target: CelValue | undefined, args: readonly CelValue[]): CelValue {
    for (const read of [target, ...args]) if (typeof read === 'string') meter.charge(read.length / CHARS_PER_WORK);
    const result = func.call(0, target, [...args]);
    if (result === undefined) throw new Error(`${func.name} is not defined here`);
    if (isCelError(result)) throw new Error(result.message.slice(0, MAX_MESSAGE_CHARS));
    if (typeof result === 'string') meter.charge(withinText(result).length / CHARS_PER_WORK);
    return result;
  }
  if (func.target === undefined) {
    return celFunc(func.name, func.arguments, func.result, (...args) => call(undefined, args));
  }
  return celMethod(func.name, func.target, func.arguments, func.result, function (...args) {
    return call(this, args);
  });
}

function textFunctions(meter: Meter): readonly CelFunc[] {
  function text(made: string): string {
    meter.charge(made.length / CHARS_PER_WORK);
    return withinText(made);
  }
  function join(list: CelList, separator: string): string {
    meter.charge(list.size);
    const items = Array.from(list, textItem);
    withinTextLength(items.reduce((length, item) => length + item.length + separator.length, -separator.length));
    return text(items.join(separator));
  }
  function replace(whole: string, wanted: string, replacement: string): string {
    meter.charge(whole.length / CHARS_PER_WORK);
    const parts = whole.split(wanted);
    withinTextLength(whole.length + (parts.length - 1) * (replacement.length - wanted.length));
    return text(parts.join(replacement));
  }
  return [
    celFunc('_+_', [STRING, STRING], STRING, (left, right) => text(left + right)),
    celFunc('toJson', [DYN], STRING, (value) => {
      meter.charge(deepWeight(value));
      return text(JSON.stringify(toJsonValue(value)));
    }),
    celMethod('join', LIST, [], STRING, function () {
      return join(this, '');
    }),
    celMethod('join', LIST, [STRING], STRING, function (separator) {
      return join(this, separator);
    }),
    celMethod('replace', STRING, [STRING, STRING], STRING, function (wanted, replacement) {
      return replace(this, wanted, replacement);
    }),
    celMethod('split', STRING, [STRING], LIST, function (separator) {
      meter.charge(this.length / CHARS_PER_WORK);
      const parts = this.split(separator);
      if (parts.length > MAX_LIST_ITEMS) throw new Error('the list has more than 100,000 items');
      meter.charge(parts.length);
      return celList(parts);
    }),
  ];
}

function textItem(item: CelValue): string {
  if (typeof item === 'string') return item;
  throw new Error('join works on texts only; write .map(x, string(x)) before it');
}

function withinTextLength(length: number): void {
  if (length > 1_000_000) throw new Error('the text is longer than 1,000,000 characters');
}

/** CEL's own comparisons and patterns, paid for by the size of what they look at. */
function comparisons(meter: Meter, standard: CelEnv): readonly CelFunc[] {
  function original(name: string, target: CelValue | undefined, args: CelValue[]): boolean {
    const result = standard.funcs.find(name)?.call(0, target, args);
    if (typeof result !== 'boolean') throw result instanceof Error ? result : new Error(`${name} is not defined here`);
    return result;
  }
  return [
    ...['_==_', '_!=_'].map((name) =>
      celFunc(name, [DYN, DYN], BOOL, (left, right) => {
        meter.charge(Math.min(deepWeight(left), deepWeight(right)));
        return original(name, undefined, [left, right]);
      }),
    ),
    celFunc('@in', [DYN, LIST], BOOL, (value, list) => {
      meter.charge(list.size * deepWeight(value));
      return original('@in', undefined, [value, list]);
    }),
    celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
      meter.charge(100 + pattern.length * 10 + this.length * (/\{\d/.test(pattern) ? 10 : 1));
      return original('matches', this, [pattern]);
    }),
  ];
}

function weight(value: CelValue): number {
  if (isCelList(value) || isCelMap(value)) return 1 + value.size;
  return typeof value === 'string' ? 1 + value.length / 100 : 1;
}

/** How many values there are in `value`, itself included; what is large is large enough at 100,000. */
function deepWeight(value: CelValue): number {
  let total = weight(value);
  if (isCelMap(value) || isCelList(value)) {
    for (const child of value.values()) {
      if (total > MAX_LIST_ITEMS) break;
      total += deepWeight(child) - 1;
    }
  }
  return total;
}
