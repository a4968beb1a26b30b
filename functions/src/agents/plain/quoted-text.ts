import type { Json, JsonObject } from '#core/json.ts';
import { escapeMarkdown, stripInvisible } from '#core/clean-text.ts';
import { cut } from '#core/cut.ts';

const LONGEST_IN_A_CELL = 300;
const MOST_LINES = 60;

/** Whether a value is a text that should be shown as a separate block. */
export function isLongText(value: Json): value is string {
  return typeof value === 'string' && (value.trim().includes('\n') || value.length > LONGEST_IN_A_CELL);
}

/** Text of the data as a quotation that shows its exact characters. */
export function quotedText(text: string): string {
  return quoted(text.split('\n').map((line) => escapeMarkdown(cut(line, 1_000))));
}

/** A report of another step as a quotation that keeps its Markdown, except for links, images and HTML. */
export function quotedReport(markdown: string): string {
  const harmless = stripInvisible(markdown)
    .replace(/[[\]<]/g, String.raw`\$&`)
    .replace(/&(?=#?\w+;)/g, String.raw`\&`);
  return quoted(harmless.split('\n'));
}

/** The report in the output of a step with an author; its other fields are for the record. */
export function reportIn(value: JsonObject): string | undefined {
  if (!Array.isArray(value['figures']) || typeof value['degraded'] !== 'boolean') return undefined;
  return [value['report'], value['markdown']].find((text) => typeof text === 'string');
}

function quoted(lines: readonly string[]): string {
  const shown = lines.slice(0, MOST_LINES).map((line) => `> ${line}`.trimEnd());
  return [...shown, ...(lines.length > MOST_LINES ? ['>', '> …'] : [])].join('\n');
}
