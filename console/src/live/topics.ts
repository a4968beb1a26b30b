import { isReservedName } from '#ports/documents/document-path.ts';
import type { Query } from '#ports/documents/documents.ts';

/** What a page can watch: one of these words, or a word and the id of one thing. */
const TOPICS: Readonly<Record<string, (id: string) => readonly Query[]>> = {
  now: () => [newest('playbook_executions', 'startedAt', 10), running(), newest('playbook_threads', 'updatedAt', 10)],
  executions: () => [newest('playbook_executions', 'startedAt', 25), running()],
  execution: (id) => [one('playbook_executions', 'id', id)],
  playbooks: () => [
    { collection: 'playbooks_internal', select: ['version', 'enabled', 'pause'], limit: 100 },
    newest('playbook_executions', 'startedAt', 1),
  ],
  playbook: (id) => [
    one('playbooks_internal', 'id', id),
    { ...newest('playbook_executions', 'startedAt', 5), where: [{ field: 'playbookId', op: '==', value: id }] },
  ],
  inbox: () => [newest('playbook_threads', 'updatedAt', 25)],
  thread: (id) => [newest(`playbook_threads/${id}/comments`, 'at', 1), newest('playbook_threads', 'updatedAt', 10)],
  health: () => [{ collection: 'playbook_metrics', limit: 5 }],
  notifications: () => [newest('playbook_notifications', 'createdAt', 5)],
  audit: () => [newest('audit_log', 'at', 1)],
};

/** Documents of no more than these fields are sent to a watcher, which only wants to know that something changed. */
const FEW_FIELDS = ['id', 'status', 'stepsExecuted'];

/**
 * The queries behind a topic like `now` or `execution/ops_daily_2026-11-21T14:00Z`; undefined for anything else.
 */
export function queriesOf(topic: string): readonly Query[] | undefined {
  const [, word = '', id = ''] = /^([a-z]+)(?:\/([\w.:@~-]{1,300}))?$/.exec(topic) ?? [];
  if (isReservedName(id) || /^\.{1,2}$/.test(id)) return undefined;
  return Object.hasOwn(TOPICS, word) ? TOPICS[word]?.(id) : undefined;
}

function newest(collection: string, field: string, limit: number): Query {
  return { collection, orderBy: [{ field, direction: 'desc' }], limit, select: [...FEW_FIELDS, field] };
}

function running(): Query {
  return {
    collection: 'playbook_executions',
    where: [{ field: 'status', op: '==', value: 'running' }],
    orderBy: [{ field: 'startedAt', direction: 'desc' }],
    limit: 10,
    select: [...FEW_FIELDS, 'startedAt'],
  };
}

function one(collection: string, field: string, id: string): Query {
  return { collection, where: [{ field, op: '==', value: id }], limit: 1 };
}
