import { literal, rankOf, valueOf } from './field-sql.ts';

/** The latest first, of all or of those with one value in a field: what lists of people ask for. */
export interface Listing {
  readonly collection: string;
  readonly orderBy: string;
  /** The fields that a list may be filtered by, one or several at once. */
  readonly filters: readonly string[];
}

/** What is listed often. Firestore has an index for each filter too, and merges those when there are several. */
export const LISTINGS: readonly Listing[] = [
  { collection: 'playbook_executions', orderBy: 'startedAt', filters: ['playbookId', 'status', 'trigger.kind'] },
  // A page that watches one execution finds it by this.
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
 * SQL that creates the indexes where they do not exist: for each listing one of its order and one for each filter. Each
 * holds only the documents of its collection, and behind the order the other filters, so that several at once are
 * decided in the index: reading a large document for that takes ten times as long.
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
