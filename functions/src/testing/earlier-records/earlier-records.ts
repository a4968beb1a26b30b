import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Playbook } from '#language/playbook/playbook.ts';
import type { DocumentData, Documents, DocumentValue } from '#ports/documents/documents.ts';

const FILES = ['executions', 'threads', 'others'] as const;

/** Documents that the previous version wrote, by path. */
export const earlierRecords: ReadonlyMap<string, DocumentData> = new Map(
  FILES.flatMap((file) => Object.entries(z.record(z.string(), z.record(z.string(), z.json())).parse(read(file)))).map(
    ([path, data]) => [path, Object.fromEntries(Object.entries(data).map(([name, item]) => [name, revived(item)]))],
  ),
);

/** The playbooks of these executions, by version. */
export const earlierPlaybooks: ReadonlyMap<string, Playbook> = new Map(
  Object.entries(z.record(z.string(), Playbook).parse(read('definitions'))),
);

/** Writes all of them into an empty database. */
export async function storeEarlierRecords(documents: Documents): Promise<void> {
  for (const [path, data] of earlierRecords) await documents.commit([{ kind: 'create', path, data }]);
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${file}.json`, import.meta.url), 'utf8'));
}

function revived(value: z.infer<ReturnType<typeof z.json>>): DocumentValue {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  const { $date: instant, ...others } = value;
  if (typeof instant === 'string' && Object.keys(others).length === 0) return new Date(instant);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revived(item)]));
}
