/** The distribution of durations: counts by bucket name. Histograms of several days can be added up. */
export type DurationHistogram = Readonly<Record<string, number>>;

/** The end of each bucket divided by its start. */
const FACTOR = 1.12;
/** Starts at about half a century. */
const LAST_BUCKET = 250;

/** The bucket of a duration: `b00` below 1 ms, then `b01` … in steps of 12 %. */
export function bucketOf(durationMs: number): string {
  const bucket = durationMs >= 1 ? 1 + Math.floor(Math.log(durationMs) / Math.log(FACTOR)) : 0;
  return `b${String(Math.min(bucket, LAST_BUCKET)).padStart(2, '0')}`;
}

/**
 * The duration in milliseconds that this share (0 to 1) of the executions did not exceed, by nearest rank; null where
 * nothing was counted. It is within 6 % of the exact value.
 */
export function percentile(histogram: DurationHistogram, share: number): number | null {
  const counts = Object.entries(histogram)
    .map(([name, count]) => ({ bucket: Number(name.slice(1)), count }))
    .toSorted((a, b) => a.bucket - b.bucket);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(share * total));
  let passed = 0;
  for (const { bucket, count } of counts) {
    passed += count;
    if (passed >= rank) return middleMs(bucket);
  }
  return null;
}

/** The geometric mean of a bucket's ends, which has the same ratio to both. */
function middleMs(bucket: number): number {
  return bucket === 0 ? 0 : FACTOR ** (bucket - 0.5);
}
