import {
  celList,
  celMap,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  type CelInput,
  type CelMap,
  type CelUint,
  type CelValue,
} from '@bufbuild/cel';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** The maximum length of a text that an expression creates. */
export const MAX_TEXT_CHARS = 1_000_000;
/** The maximum length of a list that an expression creates. */
export const MAX_LIST_ITEMS = 100_000;
/** The maximum size of any other result as JSON, estimated. */
const MAX_RESULT_CHARS = 5_000_000;

type MapKey = bigint | string | boolean | CelUint;

/**
 * The names of a scope as an expression sees them. Objects become maps that read only own keys, created on first
 * access, so that neither prototypes nor values that resemble protobuf messages can be reached.
 */
export function bindings(scope: JsonObject): Record<string, CelInput> {
  const made = new Map<object, CelInput>();
  const bound: Record<string, CelInput> = { __proto__: null };
  for (const [name, value] of Object.entries(scope)) bound[name] = toCel(value, made);
  return bound;
}

function toCel(value: Json, made: Map<object, CelInput>): CelInput {
  if (typeof value !== 'object' || value === null) return value;
  const earlier = made.get(value);
  if (earlier !== undefined) return earlier;
  const converted = isJsonObject(value)
    ? celMap(lazyMap(() => new Map(Object.entries(value).map(([key, child]) => [key, toCel(child, made)]))))
    : celList(value.map((child) => toCel(child, made)));
  made.set(value, converted);
  return converted;
}

function lazyMap(load: () => ReadonlyMap<MapKey, CelInput>): ReadonlyMap<MapKey, CelInput> {
  let loaded: ReadonlyMap<MapKey, CelInput> | undefined;
  const entries = (): ReadonlyMap<MapKey, CelInput> => (loaded ??= load());
  return {
    get size() {
      return entries().size;
    },
    get: (key) => entries().get(key),
    has: (key) => entries().has(key),
    keys: () => entries().keys(),
    values: () => entries().values(),
    entries: () => entries().entries(),
    forEach: (callback, thisArg) => entries().forEach(callback, thisArg),
    [Symbol.iterator]: () => entries()[Symbol.iterator](),
  };
}

/**
 * The result of an expression as JSON. Throws an `Error` whose message says why it is not JSON, or that it is too
 * large.
 */
export function toJsonValue(value: CelValue): Json {
  let budget = MAX_RESULT_CHARS;
  return jsonOf(value, (chars) => {
    budget -= chars;
    if (budget < 0) throw new Error('the result is larger than 5 MB');
  });
}

function jsonOf(part: CelValue, spend: (chars: number) => void): Json {
  spend(8);
  if (part === null || typeof part === 'boolean') return part;
  if (typeof part === 'number') return finite(part);
  if (typeof part === 'bigint') return safeInteger(part);
  if (typeof part === 'string') {
    spend(part.length);
    return withinText(part);
  }
  if (isCelUint(part)) return safeInteger(part.value);
  if (isCelList(part)) return Array.from(part, (item) => jsonOf(item, spend));
  if (isCelMap(part)) return jsonObjectOf(part, spend);
  throw new Error(notJson(part));
}

function jsonObjectOf(map: CelMap, spend: (chars: number) => void): JsonObject {
  return Object.fromEntries(
    Array.from(map.entries(), ([key, child]) => {
      const name = String(isCelUint(key) ? key.value : key);
      spend(name.length);
      return [name, jsonOf(child, spend)];
    }),
  );
}

/** `text`. Throws an `Error` if it is longer than allowed. */
export function withinText(text: string): string {
  if (text.length > MAX_TEXT_CHARS) throw new Error('the text is longer than 1,000,000 characters');
  return text;
}

/** `value`. Throws an `Error` if it is not a finite number. */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error('the number is too large or not a number');
  return value;
}

function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`the whole number ${value} is beyond 2^53 and would lose digits`);
  return number;
}

function notJson(value: CelValue): string {
  if (isCelError(value)) return value.message;
  if (value instanceof Uint8Array) return 'the result is bytes; write string(…) around it';
  const name =
    typeof value === 'object' && value !== null && 'desc' in value ? 'a point in time or a duration' : 'a type';
  return `the result is ${name}, which is not JSON; write string(…) around it`;
}

/** The cost of looking at a value, without its contents. */
export function weight(value: CelValue): number {
  if (isCelList(value) || isCelMap(value)) return 1 + value.size;
  return typeof value === 'string' ? 1 + value.length / 100 : 1;
}

/** The number of values in `value`, including itself; stops counting at about 100,000. */
export function deepWeight(value: CelValue): number {
  let total = weight(value);
  if (isCelMap(value) || isCelList(value)) {
    for (const child of value.values()) {
      if (total > MAX_LIST_ITEMS) break;
      total += deepWeight(child) - 1;
    }
  }
  return total;
}
