import { cut } from '#core/cut.ts';
import {
  celEnv,
  celFunc,
  celList,
  celMethod,
  CelScalar,
  listType,
  type CelEnv,
  type CelFunc,
  type CelInput,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { Meter } from './meter.ts';
import { metered, readsText, textFunctions } from './texts.ts';
import { deepWeight, finite, MAX_LIST_ITEMS, weight } from './values.ts';

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const MAX_DIGITS = 12;

/** Wraps the condition of every loop, so that the meter can end it. */
export const TICK = '@tick';
/** Wraps what every loop goes over. */
export const RANGE = '@range';
/** Replaces `+` where a macro collects its result, because adding one list per iteration is quadratic. */
export const APPEND = '@append';

/**
 * The functions of expressions: CEL's standard and string functions; arithmetic that mixes whole numbers and fractions
 * and refuses results that are not finite; `round`, `fixed`, `toJson`. Everything that can grow or take long is
 * metered.
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
      throw new Error(`'${cut(text, 40)}' is not a number`);
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

/**
 * Decimal notation with exactly `digits` decimals; halves, judged by the number as written, are rounded away from zero.
 */
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

/** CEL's comparisons and patterns, metered by the size of what they examine. */
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
