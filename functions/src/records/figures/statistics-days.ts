import type { CriterionDay, PlaybookStatistics, StatisticsDay } from './playbook-statistics.ts';

type Days = PlaybookStatistics['days'];
type Counts = Readonly<Record<string, number>>;

/** The figures of all days that are in one of the two, added up where a day is in both. */
export function sumOfBoth(some: Days, others: Days): Days {
  const added = Object.entries(others).map(([day, other]) => {
    const one = some[day];
    return [day, one === undefined ? other : daySum(one, other)] as const;
  });
  return { ...some, ...Object.fromEntries(added) };
}

function daySum(one: StatisticsDay, other: StatisticsDay): StatisticsDay {
  const criteria = new Map(Object.entries(one.criteria));
  for (const [id, measured] of Object.entries(other.criteria)) {
    const before = criteria.get(id);
    criteria.set(id, before === undefined ? measured : criterionSum(before, measured));
  }
  return {
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    skipped: one.skipped + other.skipped,
    durationMs: one.durationMs + other.durationMs,
    histogram: countsSum(one.histogram, other.histogram),
    criteria: Object.fromEntries(criteria),
  };
}

function countsSum(some: Counts, others: Counts): Record<string, number> {
  const sum = { ...some };
  for (const [name, count] of Object.entries(others)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** The last value is that of the later measurement, also if that one has none. */
function criterionSum(one: CriterionDay, other: CriterionDay): CriterionDay {
  const { last, at } = measuredMs(other) >= measuredMs(one) ? other : one;
  return {
    ok: one.ok + other.ok,
    warn: one.warn + other.warn,
    alert: one.alert + other.alert,
    unknown: one.unknown + other.unknown,
    ...(last === undefined ? {} : { last }),
    ...(at === undefined ? {} : { at }),
  };
}

function measuredMs({ at }: CriterionDay): number {
  return at?.getTime() ?? Number.NEGATIVE_INFINITY;
}
