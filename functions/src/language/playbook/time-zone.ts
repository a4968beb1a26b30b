import type { ProblemWords } from './definition-problem.ts';
import { nearest } from '#core/nearest.ts';

/** The places after which IANA names its zones. Everything else is an old link, an abbreviation or a fixed offset. */
const REGION =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z_+-]+(\/[A-Za-z_-]+)?$/;

/** What people write instead of a zone, and the zone they most likely mean. An abbreviation knows no summer time. */
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
 * Why a name is not a time zone that a schedule may use: only `UTC` and names of the form Region/City are, spelt exactly as
 * IANA has them. `undefined` when it is fine.
 */
export function timeZoneProblem(name: string): ProblemWords | undefined {
  if (name === 'UTC') return undefined;
  const canonical = canonicalName(name);
  if (REGION.test(name) && canonical !== undefined && isSpeltRight(name, canonical)) return undefined;
  const suggestion = MEANT.get(name.toUpperCase()) ?? closeZone(name, canonical);
  return {
    message: `'${name}' is not a time zone of the form Region/City (or UTC); ${
      canonical === undefined ? 'there is no such zone' : 'it is an abbreviation, a fixed offset or an old name'
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

/** The name under which the platform knows the zone, or `undefined` where it does not. */
function canonicalName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The platform reads names in any case; files keep to one. A renamed city (`Asia/Kolkata`) has its capitals right by form. */
function isSpeltRight(name: string, canonical: string): boolean {
  if (name.toLowerCase() === canonical.toLowerCase()) return name === canonical;
  return name.split(/[/_-]/).every((word) => /^([A-Z][A-Za-z]*[a-z][A-Za-z]*|[A-Z]{2}|of|es|au)$/.test(word));
}
