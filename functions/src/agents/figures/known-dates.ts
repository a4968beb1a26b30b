const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MONTH = `(?:${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|sept)\\.?`;
const DATE = new RegExp(
  [
    String.raw`\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?`,
    String.raw`(?:${MONTH})\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?\b`,
    String.raw`\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:${MONTH})(?:,?\s+\d{4})?\b`,
    String.raw`(?:${MONTH})\s+\d{4}\b`,
    String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?`,
    String.raw`\d{1,2}\s?[ap]\.?m\b\.?`,
    String.raw`(?<![\d.,$])(?:19|20)\d{2}(?![\d.,]\d|\d|%)`,
  ].join('|'),
  'gi',
);

/** An answer has up to a hundred texts, all checked against the same instants. */
const knownForms = new WeakMap<readonly Date[], ReadonlySet<string>>();

/** The text without the dates, times and years (in UTC) that match instants of the data; others remain. */
export function knownDates(text: string, instants: readonly Date[]): string {
  if (instants.length === 0) return text;
  const known = knownForms.get(instants) ?? new Set(instants.flatMap(formsOf));
  knownForms.set(instants, known);
  return text.replace(DATE, (found) => (known.has(normalForm(found)) ? ' ' : found));
}

/** Every notation of an instant, normalised for comparison. */
function formsOf(instant: Date): readonly string[] {
  const iso = instant.toISOString();
  const [year, day] = [iso.slice(0, 4), String(instant.getUTCDate())];
  const month = (MONTHS[instant.getUTCMonth()] ?? '').slice(0, 3);
  const [hour, minute, second] = [instant.getUTCHours(), iso.slice(14, 16), iso.slice(17, 19)];
  const half = hour < 12 ? 'am' : 'pm';
  const hour12 = String(hour % 12 || 12);
  return [
    iso.slice(0, 10), iso.slice(0, 16), iso.slice(0, 19), iso,
    `${month}${day}`, `${day}${month}`, `${month}${day} ${year}`, `${day}${month} ${year}`, `${month}${year}`, year,
    `${String(hour)}:${minute}`, `${String(hour)}:${minute}:${second}`,
    `${hour12}:${minute}${half}`, ...(minute === '00' ? [`${hour12}${half}`] : []),
  ].map(normalForm); // prettier-ignore
}

function normalForm(text: string): string {
  return text
    .toLowerCase()
    .replace(/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/g, '$1')
    .replace(/(?<=\d)(?:st|nd|rd|th)|of|[\s.,]|z$/g, '')
    .replace(/^0(?=\d[:ap])/, '');
}
