import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { humanName, humanValue, isScalar } from './humanise.ts';
import { isLongText, quotedReport, quotedText, reportIn } from './quoted-text.ts';

const MOST_ROWS = 10;
const MOST_COLUMNS = 6;
const DEEPEST = 4;

/** Data as Markdown: a table of its figures, then a section for each list and object in it, headed by its name. */
export function plainSections(data: JsonObject, level = 2): readonly string[] {
  const entries = Object.entries(data);
  const figures = entries.flatMap(([name, value]) =>
    isScalar(value) && !isLongText(value) ? [`| ${humanName(name)} | ${humanValue(value, name)} |`] : [],
  );
  const table = figures.length === 0 ? [] : ['| Figure | Value |\n|---|---|\n' + figures.join('\n')];
  const sections = entries.flatMap(([name, value]) =>
    isScalar(value) && !isLongText(value) ? [] : section(name, value, level),
  );
  return [...table, ...sections];
}

function section(name: string, value: Json, level: number): readonly string[] {
  const heading = `${'#'.repeat(Math.min(level, 6))} ${humanName(name)}`;
  if (isLongText(value)) return [heading, quotedText(value)];
  if (Array.isArray(value)) return [heading, ...listed(value, name)];
  if (!isJsonObject(value)) return [];
  const report = reportIn(value);
  if (report !== undefined) return [heading, quotedReport(report)];
  if (Object.keys(value).length === 0) return [heading, 'Nothing.'];
  return [heading, ...(level - 2 < DEEPEST ? plainSections(value, level + 1) : [bullet(value)])];
}

function listed(items: readonly Json[], name: string): readonly string[] {
  if (items.length === 0) return ['None.'];
  const shown = items.slice(0, MOST_ROWS);
  const more = items.length > shown.length ? [`The first ${shown.length} of ${items.length} are shown.`] : [];
  const rows = shown.filter((item): item is JsonObject => isJsonObject(item));
  if (rows.length === shown.length) return [tableOf(rows), ...more];
  return [shown.map((item) => `- ${inline(item, name)}`).join('\n'), ...more];
}

function tableOf(rows: readonly JsonObject[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    .filter((column) => rows.some((row) => isTold(row[column])))
    .filter((column, _, told) => column !== 'id' || !told.includes('name'))
    .slice(0, MOST_COLUMNS);
  if (columns.length === 0) return rows.map((row) => `- ${bullet(row)}`).join('\n');
  const lines = rows.map((row) => columns.map((column) => inline(row[column] ?? null, column)));
  return [columns.map(humanName), columns.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Whether a value fits into a cell: single values and short lists of them. */
function isTold(value: Json | undefined): boolean {
  if (value === undefined || value === null) return false;
  return isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar));
}

function inline(value: Json, name: string): string {
  if (value === null) return '–';
  if (isScalar(value)) return humanValue(value, name);
  if (isJsonObject(value)) return bullet(value);
  return (
    value
      .slice(0, MOST_ROWS)
      .map((item) => inline(item, name))
      .join(', ') || 'none'
  );
}

function bullet(value: JsonObject): string {
  const told = Object.entries(value).flatMap(([name, item]) =>
    isScalar(item) ? [`${humanName(name)}: ${humanValue(item, name)}`] : [],
  );
  return told.join('; ') || 'details are in the record';
}
