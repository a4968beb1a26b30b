import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { EarlierDays, earlierDaysPath } from './earlier-days.ts';
import { PlaybookStatistics, statisticsPath } from './playbook-statistics.ts';
import { sumOfBoth } from './statistics-days.ts';

/** Days are moved once a day: more than one move while they are read does not happen. */
const MAX_TRIES = 3;

/**
 * The figures of one playbook, of the present day and of earlier ones, in two reads; empty if no execution has ended.
 * Throws `unavailable`, and `internal` if a document is damaged.
 */
export async function loadStatistics(
  documents: Pick<Documents, 'get'>,
  playbookId: string,
): Promise<PlaybookStatistics> {
  const { current, earlier } = await readBoth(documents, playbookId);
  const statistics =
    current === undefined ? { playbookId, days: {}, hours: {} } : parsedRecord(PlaybookStatistics, current);
  if (earlier === undefined) return statistics;
  return { ...statistics, days: sumOfBoth(parsedRecord(EarlierDays, earlier).days, statistics.days) };
}

interface Both {
  readonly current: StoredDocument | undefined;
  readonly earlier: StoredDocument | undefined;
}

/** The document with the earlier days is read last: a day that is moved in between is then in both, never in neither. */
async function readBoth(documents: Pick<Documents, 'get'>, playbookId: string): Promise<Both> {
  let current = await reachable(documents.get(statisticsPath(playbookId)));
  for (let tries = 1; ; tries += 1) {
    const earlier = await reachable(documents.get(earlierDaysPath(playbookId)));
    // A move writes both at once. Only if the first one looks older may it have been read before a move.
    const isInOrder = current === undefined || earlier === undefined || current.updatedAt >= earlier.updatedAt;
    if (isInOrder || tries === MAX_TRIES) return { current, earlier };
    const again = await reachable(documents.get(statisticsPath(playbookId)));
    if (again?.updateTime === current?.updateTime) return { current, earlier };
    current = again;
  }
}
