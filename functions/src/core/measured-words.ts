import type { Json } from './json.ts';

const ROUNDED = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A measured value as people read it, with its unit: `163 ms`, `2.133%`, `12,346`, `yes`. Text stays as it is. */
export function measuredInWords(value: Json, unit: string | undefined): string {
  const words = typeof value === 'number' ? numberInWords(value) : otherInWords(value);
  if (unit === undefined) return words;
  return unit === '%' ? `${words}%` : `${words} ${unit}`;
}

/** Four digits tell enough, but those before the point are never rounded away. */
function numberInWords(value: number): string {
  return (Math.abs(value) < 1_000 ? ROUNDED : WHOLE).format(value);
}

function otherInWords(value: Json): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
