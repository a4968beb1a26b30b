import { checkCollectionPath } from './document-path.ts';
import { checkFieldPath } from './document-values.ts';
import { DocumentsError, type DocumentValue, type OrderBy, type Query, type Where } from './documents.ts';

const MAX_IN_VALUES = 30;
/**
 * Firestore refuses comparisons with values that its indexes cannot contain: more than 1,500 bytes including the
 * encoding.
 */
const MAX_COMPARED_BYTES = 1_400;
const RANGE_OPS: ReadonlySet<Where['op']> = new Set(['<', '<=', '>', '>=', '!=']);

/** One value that a query may compare with. */
export type Scalar = null | boolean | number | string | Date;

/** A query with its complete order. */
export interface CheckedQuery {
  readonly collection: string;
  readonly where: readonly CheckedWhere[];
  /** The requested order, then the fields of inequalities, as Firestore adds them. The id comes last, implicitly. */
  readonly orderBy: readonly CheckedOrderBy[];
  /** The direction of the id: that of the last field. */
  readonly idDirection: 'asc' | 'desc';
  readonly limit: number | undefined;
  readonly startAfter: { readonly values: readonly Scalar[]; readonly id: string } | undefined;
  /** The top-level fields to read, each once; undefined for all. */
  readonly select: readonly string[] | undefined;
}

/** A condition with the path of its field split. */
export interface CheckedWhere {
  readonly field: readonly string[];
  readonly op: Where['op'];
  /** One value; for `in` its list. */
  readonly values: readonly Scalar[];
}

/** A field that is ordered by, with its path split. */
export interface CheckedOrderBy {
  readonly field: readonly string[];
  readonly direction: 'asc' | 'desc';
}

/**
 * Checks a query and adds explicitly what Firestore adds implicitly. Throws `invalid` for: a malformed collection or
 * field name (also quotes, backslashes and backticks in it, which need escaping somewhere), a comparison with a list or
 * a map, a text of more than 1,400 bytes, a range or `in` or `array-contains` with null, `array-contains` twice, `in`
 * with no or more than 30 values, a limit that is not a whole number from 1, a cursor that does not name every ordered
 * field.
 */
export function checkQuery(query: Query): CheckedQuery {
  checkCollectionPath(query.collection);
  const where = (query.where ?? []).map((condition) => checkWhere(query.collection, condition));
  if (where.filter(({ op }) => op === 'array-contains').length > 1) {
    throw invalid(query.collection, 'it has "array-contains" more than once, which Firestore cannot answer');
  }
  const orderBy = writtenOutOrder(query, where);
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0)) {
    throw invalid(query.collection, `the limit is ${query.limit}, but it must be a whole number from 1`);
  }
  return {
    collection: query.collection,
    where,
    orderBy,
    idDirection: orderBy.at(-1)?.direction ?? 'asc',
    limit: query.limit,
    startAfter: checkCursor(query, orderBy),
    select: query.select && [...new Set(query.select.map((name) => checkedNames(query.collection, [name])[0] ?? ''))],
  };
}

/**
 * Checks an aggregation: `fields` are the paths of the summed fields, in order. Throws `invalid` as `checkQuery` does,
 * and for sums over a page (limit or cursor), which Firestore counts only among documents that have the field.
 */
export function checkAggregate(
  query: Query,
  sums: readonly string[],
): { readonly query: CheckedQuery; readonly fields: readonly (readonly string[])[] } {
  if (sums.length > 0 && (query.limit ?? query.startAfter) !== undefined) {
    throw invalid(query.collection, 'sums cover all results; remove the limit and the cursor');
  }
  // Counting reads no fields, so the selection does not matter.
  return {
    query: { ...checkQuery(query), select: undefined },
    fields: sums.map((field) => fieldNames(query.collection, field)),
  };
}

function fieldNames(collection: string, field: string): readonly string[] {
  return checkedNames(collection, field.split('.'));
}

function checkedNames(collection: string, names: readonly string[]): readonly string[] {
  checkFieldPath(names, `A query of ${collection}`);
  if (names.some((name) => /["'`\\\u0000-\u001f]/.test(name))) {
    throw invalid(collection, `the field ${names.join('.')} contains a quote, a backslash or a control character`);
  }
  return names;
}

function checkWhere(collection: string, { field, op, value }: Where): CheckedWhere {
  const written = op === 'in' ? value : [value];
  if (!Array.isArray(written)) throw invalid(collection, `"in" on ${field} needs a list of values`);
  const values = written.map((one: DocumentValue) => checkScalar(collection, field, one));
  if (values.length === 0 || values.length > MAX_IN_VALUES) {
    throw invalid(collection, `"in" on ${field} has ${values.length} values, but takes 1 to ${MAX_IN_VALUES}`);
  }
  if (op !== '==' && op !== '!=' && values.includes(null)) {
    throw invalid(collection, `"${op}" on ${field} compares with null, which only "==" and "!=" support`);
  }
  return { field: fieldNames(collection, field), op, values };
}

function checkScalar(collection: string, field: string, value: DocumentValue): Scalar {
  const isScalar = value === null || typeof value !== 'object' || value instanceof Date;
  if (!isScalar) throw invalid(collection, `${field} is compared with a list or a map; compare with a single value`);
  const isSound =
    typeof value === 'number'
      ? Number.isFinite(value)
      : value instanceof Date
        ? !Number.isNaN(value.getTime())
        : value === null || typeof value === 'boolean' || (typeof value === 'string' && value.isWellFormed());
  if (!isSound) throw invalid(collection, `${field} is compared with ${String(value)}, which no field can contain`);
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_COMPARED_BYTES) {
    throw invalid(collection, `${field} is compared with a text of more than ${MAX_COMPARED_BYTES} bytes`);
  }
  return value;
}

function writtenOutOrder(query: Query, where: readonly CheckedWhere[]): readonly CheckedOrderBy[] {
  const asked = (query.orderBy ?? []).map(({ field, direction }: OrderBy) => ({
    field: fieldNames(query.collection, field),
    direction,
  }));
  const direction = asked.at(-1)?.direction ?? 'asc';
  const named = new Set(asked.map(({ field }) => field.join('.')));
  const added = where
    .filter(({ field, op }) => RANGE_OPS.has(op) && !named.has(field.join('.')))
    .map(({ field }) => field.join('.'));
  const unique = [...new Set(added)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return [...asked, ...unique.map((field) => ({ field: field.split('.'), direction }))];
}

function checkCursor(query: Query, orderBy: readonly CheckedOrderBy[]): CheckedQuery['startAfter'] {
  const { collection, startAfter } = query;
  if (startAfter === undefined) return undefined;
  if (startAfter.values.length !== orderBy.length) {
    throw invalid(
      collection,
      `the cursor has ${startAfter.values.length} values for ${orderBy.length} ordered fields (the fields of "<", ">" and "!=" are ordered too; name them in orderBy)`,
    );
  }
  const values = startAfter.values.map((value, index) =>
    checkScalar(collection, orderBy[index]?.field.join('.') ?? '', value),
  );
  return { values, id: startAfter.id };
}

function invalid(collection: string, reason: string): DocumentsError {
  return new DocumentsError('invalid', `The query of ${collection} is invalid: ${reason}.`);
}
