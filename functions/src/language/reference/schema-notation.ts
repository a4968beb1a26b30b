import { z } from 'zod';
import { type Json, isJsonObject, type JsonObject } from '#core/json.ts';
import { jsonSchemaOf } from '../playbook/playbook-schema.ts';

/** One field of an object, for a table. */
export interface FieldRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As JSON; undefined if it has none. */
  readonly byDefault: string | undefined;
  readonly meaning: string;
}

/** The fields of an object schema's input; empty for other schemas. */
export function fieldRows(schema: z.core.$ZodType): readonly FieldRow[] {
  const json = jsonSchemaOf(schema);
  if (!isJsonObject(json) || !isJsonObject(json['properties'])) return [];
  const required = Array.isArray(json['required']) ? json['required'] : [];
  return Object.entries(json['properties']).flatMap(([name, field]) => {
    if (!isJsonObject(field)) return [];
    const byDefault = field['default'] === undefined ? undefined : JSON.stringify(field['default']);
    const meaning = typeof field['description'] === 'string' ? field['description'] : '';
    return [{ name, type: notation(field), required: required.includes(name), byDefault, meaning }];
  });
}

/** What a schema yields, in short: `{ online: { id: text }[], slowestMs: number or null }`. */
export function outputNotation(schema: z.core.$ZodType): string {
  const json = z.json().parse(z.toJSONSchema(schema, { target: 'draft-7', io: 'output', unrepresentable: 'any' }));
  return isJsonObject(json) ? notation(json) : 'any JSON';
}

function notation(schema: JsonObject): string {
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (typeof schema['title'] === 'string') return schema['title'];
  if (Array.isArray(options)) return alternatives(options);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' or ');
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['type'])) return schema['type'].map((type) => word(type)).join(' or ');
  if (schema['type'] === 'array') return listNotation(schema);
  return schema['type'] === 'object' ? objectNotation(schema) : word(schema['type']);
}

function alternatives(options: readonly Json[]): string {
  const texts = options.filter(isJsonObject).map((option) => notation(option));
  const unique = [...new Set(texts)];
  const isAnyJson = ['text', 'number', 'true or false', 'null'].every((type) => unique.includes(type));
  return isAnyJson ? 'any JSON' : unique.join(' or ');
}

function listNotation(schema: JsonObject): string {
  const item = isJsonObject(schema['items']) ? notation(schema['items']) : 'any JSON';
  return / or /.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function objectNotation(schema: JsonObject): string {
  if (!isJsonObject(schema['properties'])) {
    const value = schema['additionalProperties'];
    return isJsonObject(value) ? `{ any name: ${notation(value)} }` : '{ any name: any JSON }';
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = Object.entries(schema['properties']).flatMap(([name, field]) =>
    isJsonObject(field) ? [`${name}${required.includes(name) ? '' : '?'}: ${notation(field)}`] : [],
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

const WORDS: ReadonlyMap<unknown, string> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['integer', 'whole number'],
  ['boolean', 'true or false'],
  ['null', 'null'],
]);

function word(type: Json | undefined): string {
  return WORDS.get(type) ?? 'any JSON';
}
