import type { ProblemWords } from './definition-problem.ts';
import { nearest } from '#core/nearest.ts';

/** The regions in IANA zone names. Every other name is an old link, an abbreviation or a fixed offset. */
const REGION =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z_+-]+(\/[A-Za-z_-]+)?$/;

/** Common substitutes for zone names, and the zone most likely meant. An abbreviation does not cover summer time. */
const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EST: 'America/New_York',
    EDT: 'America/New_York',
    ET: 'America/New_York',
    EST5EDT: 'America/New_York',
    CST: 'America/Chicago',
    CDT: 'America/Chicago',
    CT: 'America/Chicago',
    CST6CDT: 'America/Chicago',
    MST: 'America/Denver',
    MDT: 'America/Denver',
    MT: 'America/Denver',
    MST7MDT: 'America/Denver',
    PST: 'America/Los_Angeles',
    PDT: 'America/Los_Angeles',
    PT: 'America/Los_Angeles',
    PST8PDT: 'America/Los_Angeles',
    HST: 'Pacific/Honolulu',
    BST: 'Europe/London',
    GB: 'Europe/London',
    WET: 'Europe/Lisbon',
    CET: 'Europe/Berlin',
    CEST: 'Europe/Berlin',
    MET: 'Europe/Berlin',
    EET: 'Europe/Athens',
    IST: 'Asia/Kolkata',
    JST: 'Asia/Tokyo',
    AEST: 'Australia/Sydney',
    AEDT: 'Australia/Sydney',
    NZST: 'Pacific/Auckland',
    NZDT: 'Pacific/Auckland',
    GMT: 'UTC',
    Z: 'UTC',
  }),
);

/**
 * Why a schedule cannot use a name as its time zone: only `UTC` and Region/City names are accepted, spelled exactly as
 * in the IANA database. `undefined` if it can.
 */
export function timeZoneProblem(name: string): ProblemWords | undefined {
  if (name === 'UTC') return undefined;
  const canonical = canonicalName(name);
  if (REGION.test(name) && canonical !== undefined && isSpeltRight(name, canonical)) return undefined;
  const suggestion = MEANT.get(name.toUpperCase()) ?? closeZone(name, canonical);
  return {
    message: `'${name}' is not a time zone of the form Region/City (or UTC); ${
      canonical === undefined ? 'no such zone exists' : 'it is an abbreviation, a fixed offset or an old name'
    }.`,
    ...(suggestion !== undefined && { suggestion: `Did you mean '${suggestion}'?` }),
  };
}

function closeZone(name: string, canonical: string | undefined): string | undefined {
  if (canonical !== undefined && (REGION.test(canonical) || canonical === 'UTC')) return canonical;
  const zones = Intl.supportedValuesOf('timeZone');
  const city = name.split('/').at(-1) ?? name;
  return (
    nearest(name, zones) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${city.toLowerCase().replaceAll(' ', '_')}`))
  );
}

/** The platform's name for the zone, or `undefined` if it knows none. */
function canonicalName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * The platform ignores case; definitions must not. For a renamed city (`Asia/Kolkata`), the capitals are checked by
 * pattern.
 */
function isSpeltRight(name: string, canonical: string): boolean {
  if (name.toLowerCase() === canonical.toLowerCase()) return name === canonical;
  return name.split(/[/_-]/).every((word) => /^([A-Z][A-Za-z]*[a-z][A-Za-z]*|[A-Z]{2}|of|es|au)$/.test(word));
}
