/** The value below which the share `share` (0 to 1) of the values is; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The median. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A figure with as many digits as its noise justifies. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
