import { PlaybookError } from '#core/failure.ts';
import type { Documents, Write } from '#ports/documents/documents.ts';
import { company } from './company.ts';
import { companyDocuments, pastCompany, type CompanyDocument } from './past-company.ts';

const STATE = 'demo_company/state';
const WRITES_PER_COMMIT = 200;
/** After this, the company's last day would look empty, and the playbooks would raise alarms. */
const FRESH_MS = 12 * 3_600_000;

/** What was done: `present` found an up-to-date company. */
export interface SeededCompany {
  readonly status: 'seeded' | 'refreshed' | 'present';
  readonly documents: number;
}

/**
 * Writes the demo company as of `now`, and its state last, so that an interrupted write is repeated. A company older
 * than twelve hours is moved to `now`. Throws `rejected` if the database contains other users.
 */
export async function seedCompany(documents: Documents, now: Date): Promise<SeededCompany> {
  const state = await documents.get(STATE);
  const asOf = state?.data['asOf'];
  if (asOf instanceof Date && now.getTime() - asOf.getTime() < FRESH_MS) return { status: 'present', documents: 0 };
  if (state === undefined) {
    await refuseForeignUsers(documents);
    await documents.commit([{ kind: 'set', path: STATE, data: { asOf: null } }]);
  }
  const found = companyDocuments(company(now));
  await writeAll(documents, found);
  await documents.commit([{ kind: 'set', path: STATE, data: { asOf: now } }]);
  return { status: asOf instanceof Date ? 'refreshed' : 'seeded', documents: found.length };
}

/**
 * Writes the demo company as of an instant in the past. The next `seedCompany` moves it to the present, even if this
 * process dies before. Throws `rejected` like it.
 */
export async function seedPastCompany(documents: Documents, asOf: Date): Promise<void> {
  if ((await documents.get(STATE)) === undefined) await refuseForeignUsers(documents);
  await documents.commit([{ kind: 'set', path: STATE, data: { asOf: null } }]);
  await writeAll(documents, pastCompany(asOf));
}

async function writeAll(documents: Documents, found: readonly CompanyDocument[]): Promise<void> {
  const writes = found.map((document): Write => ({ kind: 'set', ...document }));
  for (let start = 0; start < writes.length; start += WRITES_PER_COMMIT) {
    await documents.commit(writes.slice(start, start + WRITES_PER_COMMIT));
  }
}

async function refuseForeignUsers(documents: Documents): Promise<void> {
  const { count } = await documents.aggregate({ collection: 'users', limit: 1 });
  if (count === 0) return;
  throw new PlaybookError(
    'rejected',
    'This database contains users that do not belong to the demo company, so the demo company was not written. Use a separate database.',
  );
}
