import { jsonDigest } from '#core/json-digest.ts';
import type { Playbook } from './playbook.ts';

const VERSION_CHARS = 12;

/**
 * The version of a definition: the first 12 hex digits of the SHA-256 of its content. Independent of the order of its
 * keys.
 */
export function versionOf(playbook: Playbook): string {
  return jsonDigest(playbook).slice(0, VERSION_CHARS);
}
