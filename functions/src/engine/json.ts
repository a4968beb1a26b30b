import { z } from 'zod';

/** What a step may leave behind and what expressions see: JSON, and nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON with named fields. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether JSON is an object, and neither a list nor null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Accepts any JSON. */
export const JsonValue: z.ZodType<Json> = z.json();

/** The value of a text that is known to be JSON. Throws `SyntaxError` where it is not. */
export function parseJson(text: string): Json {
  // What `JSON.parse` makes is JSON by its own promise; checking megabytes of it would take seconds.
  const value: Json = JSON.parse(text);
  return value;
}
