import { z } from 'zod';

/** JSON: the only values that steps can output and that expressions read. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON with named fields. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether JSON is an object, and neither a list nor null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Accepts any JSON of at most 1,000 levels and returns the same value. `z.json()` accepts the same, but copies it and
 * takes seconds for an output of megabytes.
 */
export const JsonValue: z.ZodType<Json> = z.any().refine((value) => isJson(value, 0), 'is not JSON');

const MAX_LEVELS = 1_000;

function isJson(value: unknown, level: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (level < MAX_LEVELS && isJsonContainer(value, level + 1));
    default:
      return false;
  }
}

function isJsonContainer(value: object, level: number): boolean {
  if (Array.isArray(value)) return value.every((item) => isJson(item, level));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => isJson(item, level));
}

/** The value of a text that is known to be JSON. Throws `SyntaxError` if it is not. */
export function parseJson(text: string): Json {
  // `JSON.parse` guarantees JSON; checking megabytes of it would take seconds.
  const value: Json = JSON.parse(text);
  return value;
}
