/** Money: cents from a dollar on, finer below, because model calls cost fractions of a cent. `null`: not known. */
export function usd(amount: number | null): string {
  if (amount === null) return 'unknown';
  if (amount === 0) return '$0';
  if (Math.abs(amount) >= 1)
    return `$${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  if (Math.abs(amount) < 0.0001) return '< $0.0001';
  return `$${Math.abs(amount) >= 0.1 ? amount.toFixed(2) : Number(amount.toPrecision(2)).toString()}`;
}

/** A share from 0 to 1 in percent, with as many digits as tell something: `99.97%`, `100%`. `null`: a dash. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  const value = share * 100;
  const digits = value > 99 && value < 100 ? 2 : value < 10 ? 1 : 0;
  // What is not whole must not be rounded up to it.
  const shown = Math.floor(value * 10 ** digits) / 10 ** digits;
  return `${shown.toFixed(digits).replace(/\.0+$/, '')}%`;
}

/** A whole number with thousands set apart; from a million on, shortened. */
export function count(value: number): string {
  return Math.abs(value) >= 1_000_000
    ? value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 })
    : value.toLocaleString('en', { maximumFractionDigits: 2 });
}

/** Bytes as people say them: `340 B`, `12 kB`, `1.2 MB`. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  return value < 1_000_000 ? `${Math.round(value / 1_000)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** A count with its noun: `1 step`, `3 steps`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
