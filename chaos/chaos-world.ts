import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Documents } from '#ports/documents/documents.ts';
import { loadStatistics } from '#records/figures/load-statistics.ts';
import { sumOfDays } from '#records/figures/statistics-sum.ts';
import { seedBookings } from '#testing/runner/booking-playbook.ts';
import { openLedger, type Ledger } from '#testing/runner/effect-ledger.ts';
import { hungVariables, seedHung } from '#testing/runner/hung-playbooks.ts';
import { startRawServer, type LocalServer } from '#testing/servers/local-server.ts';
import { openChaosDatabase, type ChaosDatabase, type DatabaseName } from './chaos-database.ts';
import { openFleet, type RunnerFleet } from './runner-fleet.ts';

/** The secret for calls of these runners. */
export const CHAOS_SECRET = 'known-to-this-round-only';
/** Short, so that a takeover comes soon. */
export const CHAOS_LEASE_MS = 400;
/** Longer than every outage. */
export const CHAOS_DEADLINE_MS = 60_000;
/** The playbook of most cases, and one whose deadline is longer than clocks are apart. */
export const CHAOS_PLAYBOOK = 'ops_chaos';
export const PATIENT_PLAYBOOK = 'ops_chaos_patient';

const MINUTE_MS = 60_000;
/** A runner whose clock is slow must not see slots of its future. */
const NEWEST_SLOT_AGE_MS = 20 * MINUTE_MS;

/** What a round works with: one database, the other sides of the effects, and runners. */
export interface ChaosWorld {
  readonly database: ChaosDatabase;
  readonly ledger: Ledger;
  readonly fleet: RunnerFleet;
  /** A slot that no case has had, the newest first. There are 1,400. */
  nextSlot(): Date;
  /** The points that the last delivery with `x-chaos: list` passed, by what happened at each. */
  points(): readonly string[];
  /** How many executions of a playbook its figures count as ended. */
  counted(playbookId: string): Promise<number>;
  close(): Promise<void>;
}

/** Opens the database, seeds it, and starts runners of the built function in `source`. */
export async function openChaosWorld(source: string, name: DatabaseName): Promise<ChaosWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-chaos-'));
  const pointsFile = join(folder, 'points');
  const [database, ledger, silence] = await Promise.all([
    openChaosDatabase(name),
    openLedger(),
    startRawServer(() => undefined),
  ]);
  const { documents } = database;
  await seedAll(documents, ledger.server, silence);
  const fleet = openFleet(source, {
    ...database.env,
    ...hungVariables(silence),
    HTTP_ALLOW_PRIVATE: [ledger.server, silence].map(({ host, port }) => `${host}:${port}`).join(','),
    CRON_SECRET: CHAOS_SECRET,
    PLAYBOOK_LEASE_MS: String(CHAOS_LEASE_MS),
    CHAOS_POINTS: pointsFile,
  });
  let slotMs = Math.floor((Date.now() - NEWEST_SLOT_AGE_MS) / MINUTE_MS) * MINUTE_MS;
  writeFileSync(pointsFile, '');

  return {
    database,
    ledger,
    fleet,
    nextSlot: () => new Date((slotMs -= MINUTE_MS)),
    points: () => pointsIn(readFileSync(pointsFile, 'utf8')),
    async counted(playbookId) {
      const statistics = await loadStatistics(documents, playbookId);
      const { succeeded, failed, skipped } = sumOfDays(statistics, Object.keys(statistics.days));
      return succeeded + failed + skipped;
    },
    async close() {
      await fleet.close();
      await Promise.all([ledger.server.close(), silence.close(), database.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function seedAll(documents: Documents, { url: ledgerUrl }: LocalServer, silence: LocalServer): Promise<void> {
  await seedBookings(documents, { id: CHAOS_PLAYBOOK, ledgerUrl, deadline: `${CHAOS_DEADLINE_MS}ms` });
  await seedBookings(documents, { id: PATIENT_PLAYBOOK, ledgerUrl, deadline: '28m' });
  await seedHung(documents, silence);
}

function pointsIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.replace(/^\d+ /, ''));
}
