import type { Connection } from './connection.ts';
import { isBusy } from './failure.ts';

/** A clock that is behind by less than this was not set back: such differences disappear by themselves. */
const SET_BACK_US = 1_000_000;

/**
 * The database's clock: the machine's, unless that was set back to before the last commit. Once any process notices
 * this, time continues from the last commit at the speed of the machine's clock until that has caught up; the offset is
 * stored in the file, so that all processes have the same time. Thus the age of a document never exceeds its real age,
 * but keeps growing. Leases are judged by that age: a lease that is still renewed does not expire, and an orphan's
 * does. When the machine's clock has caught up, an age may start again from 0, which delays an orphan by one more
 * lease.
 */

/**
 * The time of a commit in microseconds: later than every earlier commit, so that no two versions have the same token.
 */
export function nextCommitTime(connection: Connection, now: Date): number {
  const sql =
    'UPDATE commits SET last_time = max(last_time + 1, CASE WHEN ?1 > last_time THEN ?1 ELSE ?1 + ahead END), ' +
    'ahead = CASE WHEN ?1 > last_time THEN 0 ELSE max(ahead, last_time + 1 - ?1) END RETURNING last_time';
  return Number(connection.first(sql, [microseconds(now)])?.[0]);
}

/** The read time of documents, the newest of which was written at `newestUs`. */
export function readTime(connection: Connection, now: Date, newestUs: number): Date {
  const newestMs = Math.floor(newestUs / 1000);
  if (newestUs < microseconds(now) + SET_BACK_US) return new Date(Math.max(now.getTime(), newestMs));
  return new Date(Math.max(now.getTime() + Math.floor(noticeClock(connection, now) / 1000), newestMs));
}

/** Detects whether the clock was set back; returns how many microseconds the database's clock is ahead of it. */
export function noticeClock(connection: Connection, now: Date): number {
  const nowUs = microseconds(now);
  const [last, ahead] = (connection.first('SELECT last_time, ahead FROM commits', []) ?? []).map(Number);
  if (last === undefined || ahead === undefined || last < nowUs + SET_BACK_US) return 0;
  if (nowUs + ahead >= last) return ahead;
  try {
    connection.run('UPDATE commits SET ahead = max(ahead, last_time - ?1)', [nowUs]);
  } catch (error) {
    // Readers do not wait for writers: the next look detects it.
    if (!isBusy(error)) throw error;
  }
  return last - nowUs;
}

function microseconds(instant: Date): number {
  return instant.getTime() * 1000;
}
