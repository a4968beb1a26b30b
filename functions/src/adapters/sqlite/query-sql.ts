import type { CheckedQuery, CheckedWhere, Scalar } from '#ports/documents/document-query.ts';
import { comparable } from './encoding.ts';
import { jsonOf, listHolds, literal, RANK, rankOf, valueOf } from './field-sql.ts';
import { entriesTable, listLookup, type ListIndex } from './list-indexes.ts';

const FIXING_RANK: ReadonlySet<CheckedWhere['op']> = new Set(['==', '<', '<=', '>', '>=']);

/** SQL with its parameters in order. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

/** The source of the documents and SQL for their fields: the documents themselves, or the entries of lists. */
interface Source {
  readonly from: string;
  readonly id: string;
  rankOf(field: readonly string[]): string;
  valueOf(field: readonly string[]): string;
}

const DOCUMENTS: Source = { from: 'documents', id: 'id', rankOf, valueOf };

/** Selects `columns` of the documents of a query, in order. */
export function selectSql(query: CheckedQuery, columns: string): Sql {
  const lookup = listLookup(query);
  const source = lookup === undefined ? DOCUMENTS : entriesSource(lookup.index);
  const conditions = [
    ...query.where.map((one) => (one === lookup?.where ? entrySql(one) : conditionSql(one, source))),
    ...query.orderBy.map(({ field }) => ({ text: `${source.rankOf(field)} >= ${RANK.null}`, parameters: [] })),
    ...cursorSql(query, source),
  ];
  // The collection is a literal because an index of one collection is used only if the SQL names it.
  const where = [`collection = ${literal(query.collection)}`, ...conditions.map(({ text }) => text)].join(' AND ');
  const order = query.orderBy.flatMap(({ field, direction }) => [
    // Omitted if a condition fixes it: then an index on the field gives the order without sorting.
    ...(hasFixedRank(query, field) ? [] : [`${source.rankOf(field)} ${direction}`]),
    `${source.valueOf(field)} ${direction}`,
  ]);
  const orderBy = [...order, `${source.id} ${query.idDirection}`].join(', ');
  const limit = query.limit === undefined ? '' : ' LIMIT ?';
  return {
    text: `SELECT ${columns} FROM ${source.from} WHERE ${where} ORDER BY ${orderBy}${limit}`,
    parameters: [
      ...conditions.flatMap(({ parameters }) => parameters),
      ...(query.limit === undefined ? [] : [query.limit]),
    ],
  };
}

/** The entries yield their documents in the order of the index; "cross" keeps the planner from reversing the join. */
function entriesSource(index: ListIndex): Source {
  const isOrder = (field: readonly string[]): boolean => field.join('.') === index.orderBy;
  return {
    from: `${entriesTable(index)} CROSS JOIN documents ON documents.id = document`,
    id: 'document',
    rankOf: (field) => (isOrder(field) ? 'order_rank' : rankOf(field)),
    valueOf: (field) => (isOrder(field) ? 'order_value' : valueOf(field)),
  };
}

function entrySql({ values: [value = null] }: CheckedWhere): Sql {
  return { text: 'listed = ?', parameters: [comparable(value)] };
}

/** The columns that a query reads: the JSON of the document, or of each selected field. */
export function jsonColumns(select: CheckedQuery['select']): readonly string[] {
  return select === undefined ? ['json(data)'] : select.map((name) => jsonOf([name]));
}

/** Counts the documents of a query and sums the numbers in the named fields. The columns: the count, then the sums. */
export function aggregateSql(query: CheckedQuery, sums: readonly (readonly string[])[]): Sql {
  const totals = sums.map((field) => `total(CASE WHEN ${rankOf(field)} = ${RANK.number} THEN ${valueOf(field)} END)`);
  const inner = selectSql(query, 'data');
  return { text: `SELECT ${['count(*)', ...totals].join(', ')} FROM (${inner.text})`, parameters: inner.parameters };
}

function hasFixedRank({ where }: CheckedQuery, field: readonly string[]): boolean {
  const name = field.join('.');
  return where.some(({ field: tested, op }) => tested.join('.') === name && FIXING_RANK.has(op));
}

function conditionSql({ field, op, values }: CheckedWhere, source: Source): Sql {
  const rank = source.rankOf(field);
  const value = source.valueOf(field);
  const [first = null] = values;
  switch (op) {
    case '==':
      return { text: `(${rank} = ? AND ${value} = ?)`, parameters: keyOf(first) };
    case '!=':
      return { text: `(${rank} > ${RANK.null} AND NOT (${rank} = ? AND ${value} = ?))`, parameters: keyOf(first) };
    case 'in':
      return {
        text: `(${values.map(() => `(${rank} = ? AND ${value} = ?)`).join(' OR ')})`,
        parameters: values.flatMap(keyOf),
      };
    case 'array-contains':
      return { text: listHolds(field), parameters: [jsonTypes(first), comparable(first)] };
    default:
      return { text: `(${rank} = ? AND ${value} ${op} ?)`, parameters: keyOf(first) };
  }
}

/** The documents after the cursor. A single row comparison, which an index supports, if all directions are the same. */
function cursorSql({ startAfter, orderBy, idDirection }: CheckedQuery, source: Source): readonly Sql[] {
  if (startAfter === undefined) return [];
  const columns = [
    ...orderBy.flatMap(({ field, direction }) => [
      { sql: source.rankOf(field), direction },
      { sql: source.valueOf(field), direction },
    ]),
    { sql: source.id, direction: idDirection },
  ];
  const keys = [...startAfter.values.flatMap(keyOf), startAfter.id];
  if (columns.every(({ direction }) => direction === idDirection)) return [rowBehind(columns, keys, idDirection)];
  return [behindInTurn(columns, keys)];
}

interface OrderedColumn {
  readonly sql: string;
  readonly direction: 'asc' | 'desc';
}

type Keys = readonly (string | number)[];

function rowBehind(columns: readonly OrderedColumn[], keys: Keys, direction: OrderedColumn['direction']): Sql {
  const row = columns.map(({ sql }) => sql).join(', ');
  const marks = columns.map(() => '?').join(', ');
  return { text: `(${row}) ${behind(direction)} (${marks})`, parameters: keys };
}

/** The first column after its key, or the first equal and the second after, and so on. */
function behindInTurn(columns: readonly OrderedColumn[], keys: Keys): Sql {
  const alternatives = columns.map(({ sql, direction }, index) => ({
    text: [...columns.slice(0, index).map((before) => `${before.sql} = ?`), `${sql} ${behind(direction)} ?`].join(
      ' AND ',
    ),
    parameters: keys.slice(0, index + 1),
  }));
  return {
    text: `(${alternatives.map(({ text }) => `(${text})`).join(' OR ')})`,
    parameters: alternatives.flatMap(({ parameters }) => parameters),
  };
}

function behind(direction: 'asc' | 'desc'): '>' | '<' {
  return direction === 'asc' ? '>' : '<';
}

function keyOf(value: Scalar): readonly (string | number)[] {
  return [rankOfScalar(value), comparable(value)];
}

function rankOfScalar(value: Scalar): number {
  if (value === null) return RANK.null;
  if (typeof value === 'boolean') return RANK.boolean;
  if (typeof value === 'number') return RANK.number;
  return typeof value === 'string' ? RANK.string : RANK.instant;
}

function jsonTypes(value: Scalar): string {
  if (typeof value === 'boolean') return JSON.stringify([String(value)]);
  return JSON.stringify(typeof value === 'number' ? ['integer', 'real'] : ['text']);
}
