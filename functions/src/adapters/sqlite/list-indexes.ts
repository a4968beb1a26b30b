import type { CheckedQuery, CheckedWhere } from '#ports/documents/document-query.ts';
import { jsonOf, literal, rankOf, valueOf } from './field-sql.ts';

/** Queries by the texts and instants in a list of a document, in the order of one field, as in Firestore. */
export const LIST_INDEXES: readonly ListIndex[] = [
  { collection: 'playbook_executions', list: 'facets', orderBy: 'startedAt' },
];

/** The list and the field, both top-level, and the collection of the documents. */
export interface ListIndex {
  readonly collection: string;
  readonly list: string;
  readonly orderBy: string;
}

/** The rank of a document without the field that the entries are ordered by. */
const NO_RANK = -1;

/** A condition that the entries of an index can answer, with that index. */
export interface ListLookup {
  readonly index: ListIndex;
  readonly where: CheckedWhere;
}

/** How the entries of lists can answer a query; undefined if they cannot. */
export function listLookup({ collection, where }: CheckedQuery): ListLookup | undefined {
  const found = where.flatMap((condition) => {
    const [value] = condition.values;
    const isListed = condition.op === 'array-contains' && (typeof value === 'string' || value instanceof Date);
    const index = LIST_INDEXES.find((one) => one.collection === collection && one.list === condition.field.join('.'));
    return isListed && index !== undefined ? [{ index, where: condition }] : [];
  });
  return found[0];
}

/** The table with one entry per document and distinct text in its list. */
export function entriesTable({ collection, list, orderBy }: ListIndex): string {
  return `${collection}_${list}_by_${orderBy}`;
}

/**
 * SQL that creates missing tables of entries, and the triggers that keep them consistent with the documents, whatever
 * writes those. An update that does not change the list does not touch its entries.
 */
export function listIndexSql(): string {
  return LIST_INDEXES.map((index) => {
    const table = entriesTable(index);
    const ofCollection = `new.collection = ${literal(index.collection)}`;
    const changed = [index.list, index.orderBy].map(
      (name) => `${jsonOf([name], 'old.data')} IS NOT ${jsonOf([name], 'new.data')}`,
    );
    const fill = `INSERT INTO ${table} ${entriesOf(index, 'new')};`;
    const clear = `DELETE FROM ${table} WHERE (listed, order_rank, order_value, document) IN (${entriesOf(index, 'old')});`;
    return `
      CREATE TABLE IF NOT EXISTS ${table} (
        listed TEXT NOT NULL,
        order_rank INTEGER NOT NULL,
        order_value ANY NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (listed, order_rank, order_value, document)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER IF NOT EXISTS ${table}_inserted AFTER INSERT ON documents WHEN ${ofCollection} BEGIN ${fill} END;
      CREATE TRIGGER IF NOT EXISTS ${table}_deleted AFTER DELETE ON documents
        WHEN old.collection = ${literal(index.collection)} BEGIN ${clear} END;
      CREATE TRIGGER IF NOT EXISTS ${table}_updated AFTER UPDATE OF data ON documents
        WHEN ${ofCollection} AND (${changed.join(' OR ')}) BEGIN ${clear} ${fill} END;`;
  }).join('\n');
}

/** SQL that creates the entries of all existing documents. The tables must be empty. */
export function fillListIndexesSql(): string {
  // In the order of the table: inserting them in the order of the documents takes seven times as long.
  return LIST_INDEXES.map(
    (index) => `INSERT INTO ${entriesTable(index)} ${entriesOf(index, 'documents')} ORDER BY 1, 2, 3, 4;`,
  ).join('\n');
}

/** SQL that selects the entries of one document of a trigger, or of all documents. */
function entriesOf({ collection, list, orderBy }: ListIndex, of: 'new' | 'old' | 'documents'): string {
  const data = `${of}.data`;
  const path = literal(`$."${list}"`);
  const columns = [
    `${of}.id AS id`,
    `coalesce(${rankOf([orderBy], data)}, ${NO_RANK}) AS order_rank`,
    `${valueOf([orderBy], data)} AS order_value`,
    `CASE json_type(${data}, ${path}) WHEN 'array' THEN ${data} -> ${path} ELSE '[]' END AS list`,
  ];
  // The limit makes the planner read the columns once per document, not once per element of its list.
  const rows = of === 'documents' ? `FROM documents WHERE collection = ${literal(collection)} LIMIT -1` : '';
  return (
    `SELECT DISTINCT element.value, one.order_rank, one.order_value, one.id ` +
    `FROM (SELECT ${columns.join(', ')} ${rows}) AS one, json_each(one.list) AS element WHERE element.type = 'text'`
  );
}
