import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aroundWindows, keep, picker } from '#testing/builders/team-data.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { getSignupAnalytics } from './get-signup-analytics.ts';

const clock = fakeClock();
const NOW = clock.now();
const ROLES = [
  ['customer', 'Customer'],
  ['dispensary', 'Dispensary'],
  ['brand', 'Brand'],
  ['other', 'Other'],
] as const;
const SOURCES = [
  ['vibe_studio', 'Vibe Studio'],
  ['academy', 'Academy'],
  ['training', 'Training'],
  ['age_gate', 'Age gate'],
  ['other', 'Other'],
] as const;
const STAGES = [
  ['verified', 'Verified the address'],
  ['onboarded', 'Finished onboarding'],
  ['paid', 'Paid'],
] as const;

const pick = picker(12);
const instants = aroundWindows(NOW, [1, 2, 7, 14]);
const users = Array.from({ length: 400 }, () => {
  const verifiedAt = pick([null, NOW, NOW]);
  const onboardedAt = verifiedAt === null ? null : pick([null, NOW]);
  const paidAt = onboardedAt === null ? null : pick([null, null, NOW]);
  const role = pick(['customer', 'dispensary', 'brand', 'employee']);
  const source = pick(['vibe_studio', 'academy', 'training', 'age_gate', 'friend']);
  return { createdAt: pick(instants), role, source, verifiedAt, onboardedAt, paidAt };
});

let documents: Documents;
beforeAll(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  await keep(documents, { users: Object.fromEntries(users.entries()) });
});
afterAll(() => documents.close());

/** Who signed up in the period that began `from` and ended `to` days ago. */
function signedUp(from: number, to: number) {
  const ago = (days: number): number => NOW.getTime() - days * DAY_MS;
  return users.filter(({ createdAt }) => createdAt.getTime() >= ago(from) && createdAt.getTime() < ago(to));
}

test.each([1, 7])(
  'the signups of %i days, their growth and their way through the funnel are those of the data',
  async (days) => {
    const [now, before] = [signedUp(days, 0), signedUp(2 * days, days)];
    const all = now.length;
    const reached = [
      all,
      now.filter(({ verifiedAt }) => verifiedAt !== null).length,
      now.filter(({ onboardedAt }) => onboardedAt !== null).length,
      now.filter(({ paidAt }) => paidAt !== null).length,
    ];
    const cohorts = (names: typeof ROLES | typeof SOURCES, of: 'role' | 'source') =>
      names.map(([value, name]) => {
        const known = new Set<string>(names.map(([each]) => each));
        const signups = now.filter((user) => (known.has(user[of]) ? user[of] : 'other') === value).length;
        return { value, name, signups, share: signups / all };
      });

    expect(new Set(reached).size).toBe(4);
    expect(before.length).not.toBe(all);
    expect(await getSignupAnalytics.call({ days }, toolContext({ documents, clock }))).toEqual({
      days,
      since: new Date(NOW.getTime() - days * DAY_MS).toISOString(),
      until: NOW.toISOString(),
      signups: all,
      previousSignups: before.length,
      change: all - before.length,
      changeShare: (all - before.length) / before.length,
      byRole: cohorts(ROLES, 'role'),
      bySource: cohorts(SOURCES, 'source'),
      funnel: [['signed_up', 'Signed up'] as const, ...STAGES].map(([id, name], index) => ({
        id,
        name,
        reached: reached[index],
        fromPrevious: index === 0 ? null : (reached[index] ?? 0) / (reached[index - 1] ?? 0),
        fromSignup: (reached[index] ?? 0) / all,
      })),
      conversionRate: (reached[3] ?? 0) / all,
      previousConversionRate: before.filter(({ paidAt }) => paidAt !== null).length / before.length,
    });
  },
);

test('nobody who signed up makes no shares, and no division by nothing', async () => {
  const empty = sqliteDocuments({ file: ':memory:' });
  const nothing = { reached: 0, fromPrevious: null, fromSignup: null };

  expect(await getSignupAnalytics.call({}, toolContext({ documents: empty, clock }))).toMatchObject({
    signups: 0,
    change: 0,
    changeShare: null,
    byRole: ROLES.map(([value]) => ({ value, signups: 0, share: null })),
    funnel: [nothing, nothing, nothing, nothing],
    conversionRate: null,
    previousConversionRate: null,
  });
  await empty.close();
});
