import { rankOf, valueOf } from './field-sql.ts';

/** Orders that are asked for often enough to keep an index; Firestore has those of several fields too. */
export const INDEXES: readonly { readonly collection: string; readonly fields: readonly string[] }[] = [
  { collection: 'playbook_executions', fields: ['startedAt'] },
  { collection: 'playbook_executions', fields: ['playbookId', 'startedAt'] },
  { collection: 'playbook_executions', fields: ['status', 'startedAt'] },
  { collection: 'playbook_executions', fields: ['playbookId', 'status', 'startedAt'] },
  { collection: 'playbook_threads', fields: ['state', 'createdAt'] },
  { collection: 'playbook_notifications', fields: ['status', 'createdAt'] },
];

/** SQL that creates the indexes where they do not exist. Each holds only the documents of its collection. */
export function indexSql(): string {
  return INDEXES.map(({ collection, fields }) => {
    const name = [collection, ...fields].join('_by_').replaceAll('.', '_');
    const columns = fields.flatMap((field) => [rankOf(field.split('.')), valueOf(field.split('.'))]);
    return `CREATE INDEX IF NOT EXISTS ${name} ON documents (collection, ${columns.join(', ')}, id) WHERE collection = '${collection}';`;
  }).join('\n');
}
