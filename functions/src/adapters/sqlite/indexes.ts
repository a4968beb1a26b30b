import { literal, rankOf, valueOf } from './field-sql.ts';

/** Newest first, of all documents or those with a certain value in a field: as shown in lists. */
export interface Listing {
  readonly collection: string;
  readonly orderBy: string;
  /** The fields by which a list can be filtered, separately or together. */
  readonly filters: readonly string[];
}

/** Frequent listings. Firestore also has an index per filter, and merges several. */
export const LISTINGS: readonly Listing[] = [
  { collection: 'playbook_executions', orderBy: 'startedAt', filters: ['playbookId', 'status', 'trigger.kind'] },
  // Used by pages that watch one execution.
  { collection: 'playbook_executions', orderBy: 'id', filters: [] },
  { collection: 'playbook_threads', orderBy: 'updatedAt', filters: [] },
  { collection: 'playbook_threads', orderBy: 'createdAt', filters: ['kind', 'state', 'executionId', 'playbookId'] },
  {
    collection: 'playbook_notifications',
    orderBy: 'createdAt',
    filters: ['channel', 'playbookId', 'executionId', 'status'],
  },
  { collection: 'audit_log', orderBy: 'at', filters: ['action', 'by'] },
];

/**
 * SQL that creates missing indexes: for each listing, one for its order and one per filter. Each contains only the
 * documents of its collection and, after the order, the other filters, so that the index alone decides combined
 * filters: reading a large document for that takes ten times as long.
 */
export function indexSql(): string {
  return LISTINGS.flatMap(({ collection, orderBy, filters }) =>
    [[orderBy], ...filters.map((filter) => [filter, orderBy])].map((fields) => {
      const others = filters.filter((filter) => !fields.includes(filter));
      const name = [collection, ...fields].join('_by_').replaceAll('.', '_');
      const columns = ['collection', ...columnsOf(fields), 'id', ...columnsOf(others)];
      return `CREATE INDEX IF NOT EXISTS ${name} ON documents (${columns.join(', ')}) WHERE collection = ${literal(collection)};`;
    }),
  ).join('\n');
}

function columnsOf(fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => [rankOf(field.split('.')), valueOf(field.split('.'))]);
}
