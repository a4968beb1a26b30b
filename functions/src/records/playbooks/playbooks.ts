import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { fromDocument } from '../store/document-json.ts';
import { readEach, type UnreadableRecord } from '../store/read-each.ts';
import { refuseLaterFormat } from '../store/record-format.ts';

/** The collection of the playbooks. */
export const PLAYBOOKS = 'playbooks_internal';

/** A pause that a person set, with its reason. `until` null: until a person resumes the playbook. */
export const Pause = z.object({ reason: z.string(), until: z.date().nullable(), by: z.string() });
export type Pause = z.infer<typeof Pause>;

/** The pause in effect at `now`, or null: at its `until` it has ended, and a slot of that instant runs. */
export function pauseAt(pause: Pause | null, now: Date): Pause | null {
  return pause !== null && pause.until !== null && pause.until <= now ? null : pause;
}

/** A playbook as stored in `playbooks_internal/{id}`. */
export const PlaybookRecord = z.object({
  id: z.string(),
  name: z.string(),
  /** Hash of the definition, and the id of its copy under `versions/`. */
  version: z.string(),
  /** Whether it runs: as an operator last set it, otherwise as in the file. */
  enabled: z.boolean(),
  /** The value in the file when it was last seeded. */
  seededEnabled: z.boolean(),
  pause: Pause.nullable(),
  definition: Playbook,
  seededAt: z.date(),
});
export type PlaybookRecord = z.infer<typeof PlaybookRecord>;

/** One permanent version of a definition, in `playbooks_internal/{id}/versions/{version}`: executions are pinned to it. */
export const PlaybookVersion = z.object({
  version: z.string(),
  definition: Playbook,
  /** The YAML as written. */
  source: z.string(),
  seededAt: z.date(),
});
export type PlaybookVersion = z.infer<typeof PlaybookVersion>;

/** The parts of a version that people read. */
export const VersionSource = PlaybookVersion.omit({ definition: true });
export type VersionSource = z.infer<typeof VersionSource>;

/** All playbooks of the database by id, and those whose record this code cannot read, each with the reason. */
export interface PlaybookListing {
  readonly playbooks: readonly PlaybookRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** The document of a playbook. */
export function playbookPath(id: string): string {
  return `${PLAYBOOKS}/${id}`;
}

/** The document of one version of a playbook's definition. */
export function versionPath(id: string, version: string): string {
  return `${PLAYBOOKS}/${id}/versions/${version}`;
}

/**
 * The current playbook, in one read; undefined if it does not exist.
 * Throws `invalid_playbook` when the record is not readable by this code, `record_from_newer_version`, and what the documents port
 * throws.
 */
export async function loadPlaybook(documents: Documents, id: string): Promise<PlaybookRecord | undefined> {
  const stored = await documents.get(playbookPath(id));
  return stored === undefined ? undefined : readPlaybook(stored);
}

/** The definition that an execution is pinned to, in one read; undefined if it is not stored. Throws like `loadPlaybook`. */
export async function loadVersion(documents: Documents, id: string, version: string): Promise<Playbook | undefined> {
  const stored = await documents.get(versionPath(id, version));
  return stored === undefined ? undefined : parsed(PlaybookVersion, stored).definition;
}

/** The YAML of one version, in one read; undefined if it is not stored. Throws like `loadPlaybook`. */
export async function loadVersionSource(
  documents: Documents,
  id: string,
  version: string,
): Promise<VersionSource | undefined> {
  const stored = await documents.get(versionPath(id, version));
  return stored === undefined ? undefined : parsed(VersionSource, stored);
}

/**
 * The newest versions of a playbook, the last seeded first, in one query, including those whose definition this code cannot
 * run. Throws like `loadPlaybook`.
 */
export async function listVersions(documents: Documents, id: string, limit: number): Promise<readonly VersionSource[]> {
  const found = await documents.query({
    collection: `${playbookPath(id)}/versions`,
    orderBy: [{ field: 'seededAt', direction: 'desc' }],
    select: ['format', ...Object.keys(VersionSource.shape)],
    limit,
  });
  return found.map((stored) => parsed(VersionSource, stored));
}

/** Every playbook of the database, in one query. One that cannot be read does not hide the others. */
export async function listPlaybooks(documents: Documents): Promise<PlaybookListing> {
  const { items, unreadable } = readEach(await documents.query({ collection: PLAYBOOKS }), readPlaybook);
  return { playbooks: items, unreadable };
}

/** The playbook in a document. Throws `invalid_playbook` when it is not one, and `record_from_newer_version`. */
export function readPlaybook(stored: StoredDocument): PlaybookRecord {
  return parsed(PlaybookRecord, stored);
}

function parsed<Schema extends z.ZodType>(schema: Schema, stored: StoredDocument): z.output<Schema> {
  refuseLaterFormat(stored);
  const result = schema.safeParse(fromDocument(stored.data));
  if (result.success) return result.data;
  throw new PlaybookError(
    'invalid_playbook',
    `${stored.path} does not contain a playbook that can run (${issuesInWords(result.error)}). Seed it again with npm run seed.`,
    { cause: result.error },
  );
}
