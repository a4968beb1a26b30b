import type { Json } from '#core/json.ts';
import { stripInvisible } from '#core/clean-text.ts';
import { cut, startOf } from '#core/cut.ts';

/** Increasingly smaller views of data that is too long, until one fits. */
const VIEWS = [
  { items: 200, textLength: 4_000 },
  { items: 50, textLength: 1_000 },
  { items: 20, textLength: 400 },
  { items: 8, textLength: 200 },
  { items: 3, textLength: 100 },
] as const;

/**
 * Data for a model: JSON between tags that its content cannot close, without invisible characters, and at most
 * `maxChars` long. Longer lists and texts are cut and marked.
 */
export function promptData(data: Json, maxChars: number): string {
  return `<data>\n${fittingJson(data, maxChars)}\n</data>`;
}

function fittingJson(data: Json, maxChars: number): string {
  const whole = harmlessJson(data);
  if (whole.length <= maxChars) return whole;
  for (const view of VIEWS) {
    const json = harmlessJson(cutJson(data, view));
    if (json.length <= maxChars) return json;
  }
  return `${startOf(harmlessJson(data), maxChars)} … (cut here)`;
}

function harmlessJson(data: Json): string {
  return stripInvisible(JSON.stringify(data)).replaceAll('<', String.raw`\u003c`);
}

function cutJson(value: Json, view: { readonly items: number; readonly textLength: number }): Json {
  if (typeof value === 'string') return cut(value, view.textLength);
  if (Array.isArray(value)) {
    const shown = value.slice(0, view.items).map((item) => cutJson(item, view));
    return value.length > view.items ? [...shown, `… (${value.length - view.items} more)`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cutJson(item, view)]));
}
