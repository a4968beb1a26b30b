import { cut } from '#core/cut.ts';
import {
  celFunc,
  celList,
  celMethod,
  CelScalar,
  isCelError,
  listType,
  type CelFunc,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import type { Meter } from './meter.ts';
import { deepWeight, MAX_LIST_ITEMS, MAX_TEXT_CHARS, toJsonValue, withinText } from './values.ts';

const { DYN, STRING } = CelScalar;
const LIST = listType(DYN);
const CHARS_PER_WORK = 10;
const MAX_MESSAGE_CHARS = 500;

/** Whether a function takes text. */
export function readsText({ target, arguments: args }: CelFunc): boolean {
  return target === STRING || args.includes(STRING);
}

/**
 * The function, metered by the length of the texts that it reads and creates: a loop may pass it the same long text
 * repeatedly.
 */
export function metered(func: CelFunc, meter: Meter): CelFunc {
  function call(target: CelValue | undefined, args: readonly CelValue[]): CelValue {
    for (const read of [target, ...args]) if (typeof read === 'string') meter.charge(read.length / CHARS_PER_WORK);
    const result = func.call(0, target, [...args]);
    if (result === undefined) throw new Error(`${func.name} is not defined here`);
    if (isCelError(result)) throw new Error(cut(result.message, MAX_MESSAGE_CHARS));
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

/** The functions that build and split texts: bounded in advance, and metered. */
export function textFunctions(meter: Meter): readonly CelFunc[] {
  return [
    celFunc('_+_', [STRING, STRING], STRING, (left, right) => paidText(left + right, meter)),
    celFunc('toJson', [DYN], STRING, (value) => {
      meter.charge(deepWeight(value));
      return paidText(JSON.stringify(toJsonValue(value)), meter);
    }),
    celMethod('join', LIST, [], STRING, function () {
      return join(this, '', meter);
    }),
    celMethod('join', LIST, [STRING], STRING, function (separator) {
      return join(this, separator, meter);
    }),
    celMethod('replace', STRING, [STRING, STRING], STRING, function (wanted, replacement) {
      return replace(this, { wanted, replacement }, meter);
    }),
    celMethod('split', STRING, [STRING], LIST, function (separator) {
      return split(this, separator, meter);
    }),
  ];
}

function paidText(made: string, meter: Meter): string {
  meter.charge(made.length / CHARS_PER_WORK);
  return withinText(made);
}

function join(list: CelList, separator: string, meter: Meter): string {
  meter.charge(list.size);
  const items = Array.from(list, textItem);
  withinTextLength(items.reduce((length, item) => length + item.length + separator.length, -separator.length));
  return paidText(items.join(separator), meter);
}

interface Replacing {
  readonly wanted: string;
  readonly replacement: string;
}

function replace(whole: string, { wanted, replacement }: Replacing, meter: Meter): string {
  meter.charge(whole.length / CHARS_PER_WORK);
  const parts = whole.split(wanted);
  withinTextLength(whole.length + (parts.length - 1) * (replacement.length - wanted.length));
  return paidText(parts.join(replacement), meter);
}

function split(whole: string, separator: string, meter: Meter): CelList {
  meter.charge(whole.length / CHARS_PER_WORK);
  const parts = whole.split(separator);
  if (parts.length > MAX_LIST_ITEMS) throw new Error('the list has more than 100,000 items');
  meter.charge(parts.length);
  return celList(parts);
}

function textItem(item: CelValue): string {
  if (typeof item === 'string') return item;
  throw new Error('join works only on texts; write .map(x, string(x)) before it');
}

function withinTextLength(length: number): void {
  if (length > MAX_TEXT_CHARS) throw new Error('the text is longer than 1,000,000 characters');
}
