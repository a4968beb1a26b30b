import { createHash } from 'node:crypto';
import type { Playbook } from './playbook.ts';

const VERSION_CHARS = 12;

/** The version of a definition: the first 12 hex digits of the SHA-256 of its content. The order of its keys does not count. */
export function versionOf(playbook: Playbook): string {
  return createHash('sha256').update(canonical(playbook)).digest('hex').slice(0, VERSION_CHARS);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const present = Object.entries(value).filter(([, child]) => child !== undefined);
  const members = present.map(([key, child]) => `${JSON.stringify(key)}:${canonical(child)}`);
  return `{${members.toSorted().join(',')}}`;
}
