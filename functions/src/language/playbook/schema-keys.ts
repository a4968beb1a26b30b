import { z } from 'zod';
import type { DefinitionPath } from './definition-problem.ts';

type Schema = z.core.$ZodType;

/** The fields that the schema allows for the object at `path` of `value`; empty if they cannot be determined. */
export function allowedKeys(schema: Schema, path: DefinitionPath, value: unknown): readonly string[] {
  let current: Schema | undefined = schema;
  let part = value;
  for (const key of path) {
    current = current && below(plain(current, part), key);
    part =
      typeof part === 'object' && part !== null
        ? new Map<string, unknown>(Object.entries(part)).get(String(key))
        : undefined;
  }
  const object = current && plain(current, part);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The schema without its wrappers; for a union, the option that `value` seems to mean. */
function plain(schema: Schema, value: unknown): Schema {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return plain(schema.def.innerType, value);
  }
  if (schema instanceof z.ZodLazy) return plain(schema.def.getter(), value);
  if (schema instanceof z.ZodPipe) return plain(schema.def.in, value);
  if (schema instanceof z.ZodDiscriminatedUnion) return plain(chosen(schema, value) ?? z.unknown(), value);
  if (schema instanceof z.ZodUnion)
    return schema.def.options.find((option) => plain(option, value) instanceof z.ZodObject) ?? schema;
  return schema;
}

function chosen(union: z.ZodDiscriminatedUnion, value: unknown): Schema | undefined {
  const { discriminator } = union.def;
  if (typeof value !== 'object' || value === null) return undefined;
  const written = new Map<string, unknown>(Object.entries(value)).get(discriminator);
  return union.def.options.find((option) => {
    const field = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return field !== undefined && z.safeParse(field, written).success;
  });
}

function below(schema: Schema, key: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.def.element;
  return schema instanceof z.ZodRecord ? schema.def.valueType : undefined;
}

/**
 * The first field in a path that the schema rules out, and the fields allowed instead; `undefined` if all are possible
 * or it cannot be determined. The path omits list indexes.
 */
export function impossibleField(
  schema: Schema,
  fields: readonly string[],
): { readonly field: string; readonly allowed: readonly string[] } | undefined {
  let current: Schema = schema;
  for (const field of fields) {
    const container = plain(current, undefined);
    const object = container instanceof z.ZodArray ? plain(container.def.element, undefined) : container;
    if (!(object instanceof z.ZodObject)) return undefined;
    const next: Schema | undefined = Object.hasOwn(object.shape, field) ? object.shape[field] : undefined;
    if (next === undefined) {
      const isOpen = object.def.catchall !== undefined && !(object.def.catchall instanceof z.ZodNever);
      return isOpen ? undefined : { field, allowed: Object.keys(object.shape) };
    }
    current = next;
  }
  return undefined;
}
