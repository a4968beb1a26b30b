import { stringify } from 'yaml';
import type { z } from 'zod';
import { fieldRows } from './schema-notation.ts';

/** The fields of an object, one row each. */
export function fieldTable(schema: z.core.$ZodType): string {
  const rows = fieldRows(schema);
  if (rows.length === 0) return 'No fields.';
  return table(
    ['Field', 'Type', 'Required', 'Default', 'Meaning'],
    rows.map(({ name, type, required, byDefault, meaning }) => [
      code(name),
      type,
      required ? 'yes' : '',
      byDefault === undefined ? '' : code(byDefault),
      meaning,
    ]),
  );
}

/** A table; its cells may contain anything. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text formatted as code. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A value as written in a playbook. */
export function yamlBlock(value: unknown): string {
  return `\`\`\`yaml\n${stringify(value, { lineWidth: 110 }).trimEnd()}\n\`\`\``;
}
