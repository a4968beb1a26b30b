import { DAY_MS } from '#core/duration.ts';
import type { Random } from './random.ts';

/** A user, shaped as `playbooks/platform.yaml` maps the collection `users`. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'customer' | 'dispensary' | 'brand' | 'staff';
  readonly source: string;
  readonly status: 'active' | 'closed';
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly lastCampaignAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly onboardedAt: Date | null;
  readonly paidAt: Date | null;
}

/** Days since the user last did each of the three things; null for never. */
interface Silence {
  readonly login: number | null;
  readonly order: number | null;
  readonly campaign: number | null;
}

const ESTABLISHED = 300;
const CLOSED = 25;
const STAFF = 5;
/** Signups per day, today first: a little more each week. */
const SIGNUPS_PER_DAY = [6, 4, 5, 6, 5, 5, 5, 4, 5, 4, 5, 4, 5, 4];
/** The few users who have been silent for a while, each in a different way. */
const SILENT: readonly Silence[] = [
  { login: 35, order: 36, campaign: 44 },
  { login: 20, order: 22, campaign: 33 },
  { login: 9, order: 3, campaign: 4 },
  { login: 12, order: 5, campaign: 2 },
  { login: 2, order: null, campaign: 5 },
  { login: 1, order: 15, campaign: 3 },
  { login: 3, order: 2, campaign: null },
  { login: 4, order: 6, campaign: 10 },
];

const FIRST_NAMES = ['Ada', 'Ben', 'Cleo', 'Dana', 'Eli', 'Faye', 'Gus', 'Hana', 'Ivo', 'June', 'Kai', 'Lena', 'Milo', 'Nia', 'Otis', 'Pia', 'Quinn', 'Rosa', 'Sam', 'Tess'] as const; // prettier-ignore
const LAST_NAMES = ['Abbott', 'Brandt', 'Castillo', 'Drummond', 'Estrada', 'Fischer', 'Grant', 'Haddad', 'Ibarra', 'Jensen', 'Kovacs', 'Lindqvist', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quist', 'Rossi', 'Santos', 'Tran'] as const; // prettier-ignore
const SOURCES = ['vibe_studio', 'vibe_studio', 'academy', 'academy', 'training', 'age_gate', 'age_gate', 'referral'] as const; // prettier-ignore
const ROLES = ['customer', 'customer', 'customer', 'dispensary', 'dispensary', 'brand'] as const;

/** What differs between users. */
type Facts = { readonly createdDays: number; readonly silence: Silence } & Partial<User>;

/** All users as of `now`: active ones, a few silent ones, new ones of the last two weeks, closed ones, staff. */
export function users(now: Date, random: Random): readonly User[] {
  const user = userMaker(now, random);
  const established = Array.from({ length: ESTABLISHED }, () =>
    user({ createdDays: 30 + random.next() * 700, silence: activity(random) }),
  );
  const silent = SILENT.map((silence) => user({ createdDays: 90 + random.next() * 400, silence }));
  const signedUp = SIGNUPS_PER_DAY.flatMap((signups, day) =>
    Array.from({ length: signups }, (_, index) => day + (index + 0.5) / signups),
  ).map((createdDays, index) => user({ createdDays, silence: activity(random), ...progress(index, createdDays, now) }));
  const closed = Array.from({ length: CLOSED }, (_, index) => user(closedAgo(2 + index * 3)));
  const staff = Array.from({ length: STAFF }, () =>
    user({ createdDays: 500, silence: { login: 40, order: null, campaign: null }, role: 'staff' }),
  );
  return [...established, ...silent, ...signedUp, ...closed, ...staff];
}

/** Creates users, numbered in order. */
function userMaker(now: Date, random: Random): (facts: Facts) => User {
  let number = 0;
  return ({ createdDays, silence, ...changes }) => {
    number += 1;
    const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
    const since = (days: number | null): Date | null => (days === null ? null : ago(now, Math.min(days, createdDays)));
    return {
      id: `user-${String(number).padStart(4, '0')}`,
      name,
      email: `${name.toLowerCase().replace(' ', '.')}.${number}@example.com`,
      role: random.pick(ROLES),
      source: random.pick(SOURCES),
      status: 'active',
      createdAt: ago(now, createdDays),
      lastLoginAt: since(silence.login),
      lastOrderAt: since(silence.order),
      lastCampaignAt: since(silence.campaign),
      verifiedAt: ago(now, createdDays * 0.99),
      onboardedAt: ago(now, createdDays * 0.95),
      paidAt: ago(now, createdDays * 0.9),
      ...changes,
    };
  };
}

function ago(now: Date, days: number): Date {
  return new Date(now.getTime() - Math.round(days * DAY_MS));
}

/** Recently, and today more often than six days ago. */
function activity(random: Random): Silence {
  const lately = (): number => 0.02 + 6 * random.next() ** 1.4;
  return { login: lately(), order: lately(), campaign: lately() };
}

function closedAgo(days: number): Facts {
  const silence = { login: days, order: days + 10, campaign: days + 20 };
  return { createdDays: days + 100, silence, status: 'closed' };
}

/** How far newcomers got: of 18, 15 verified their address, 10 finished onboarding, 4 pay. */
function progress(index: number, createdDays: number, now: Date) {
  const place = (index * 7) % 18;
  return {
    verifiedAt: place < 15 ? ago(now, createdDays * 0.9) : null,
    onboardedAt: place < 10 ? ago(now, createdDays * 0.6) : null,
    paidAt: place < 4 ? ago(now, createdDays * 0.3) : null,
  };
}

/** The few users who have been silent for a while. */
export function silentUsers(everybody: readonly User[]): readonly User[] {
  return everybody.slice(ESTABLISHED, ESTABLISHED + SILENT.length);
}
