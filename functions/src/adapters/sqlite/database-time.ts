import type { Connection } from './connection.ts';
import { isBusy } from './failure.ts';

/** A clock that is behind by less than this has not been set back: such differences pass by themselves. */
const SET_BACK_US = 1_000_000;

/**
 * The database's own clock: this machine's, unless that was set back behind the last commit. From the moment at which any
 * process notices it, time goes on from the last commit at the speed of the machine's clock, until that has caught up; by
 * how much it is ahead stands in the file, so that all processes tell the same time. So the age of a document is never more
 * than it really is, and grows all the same. A lease is judged by that age: nobody's who still renews it runs out, and an
 * orphan's does; when the machine's clock has caught up, an age may begin anew, which holds an orphan for one lease more.
 */

/** The time of a commit in microseconds: later than every commit before, so that no version has its token twice. */
export function nextCommitTime(connection: Connection, now: Date): number {
  const sql =
    'UPDATE commits SET last_time = max(last_time + 1, CASE WHEN ?1 > last_time THEN ?1 ELSE ?1 + ahead END), ' +
    'ahead = CASE WHEN ?1 > last_time THEN 0 ELSE max(ahead, last_time + 1 - ?1) END RETURNING last_time';
  return Number(connection.first(sql, [microseconds(now)])?.[0]);
}

/** When documents are read of which the newest was written at `newestUs`. */
export function readTime(connection: Connection, now: Date, newestUs: number): Date {
  const newestMs = Math.floor(newestUs / 1000);
  if (newestUs < microseconds(now) + SET_BACK_US) return new Date(Math.max(now.getTime(), newestMs));
  return new Date(Math.max(now.getTime() + Math.floor(noticeClock(connection, now) / 1000), newestMs));
}

/** Notices whether the clock was set back; returns by how many microseconds the database's clock is ahead of it. */
export function noticeClock(connection: Connection, now: Date): number {
  const nowUs = microseconds(now);
  const [last, ahead] = (connection.first('SELECT last_time, ahead FROM commits', []) ?? []).map(Number);
  if (last === undefined || ahead === undefined || last < nowUs + SET_BACK_US) return 0;
  if (nowUs + ahead >= last) return ahead;
  try {
    connection.run('UPDATE commits SET ahead = max(ahead, last_time - ?1)', [nowUs]);
  } catch (error) {
    // Whoever only reads does not wait for those who write: the next look notices it.
    if (!isBusy(error)) throw error;
  }
  return last - nowUs;
}

function microseconds(instant: Date): number {
  return instant.getTime() * 1000;
}
