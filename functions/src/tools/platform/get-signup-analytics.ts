import { z } from 'zod';
import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents, Where } from '#ports/documents/documents.ts';
import { count, oneOf, shareOf, within, type Window } from './platform-data.ts';
import { defineTool } from '../tool.ts';

/** Every instant of a funnel stage is later than this one. */
const BEGINNING = new Date(0);

const Cohort = z.object({
  value: z.string(),
  name: z.string(),
  signups: z.number().int(),
  share: z.number().nullable(),
});
const Stage = z.object({
  id: z.string(),
  name: z.string(),
  reached: z.number().int(),
  /** As a share of those who reached the previous stage; null if no one did. */
  fromPrevious: z.number().nullable(),
  /** As a share of all signups; null if there were none. */
  fromSignup: z.number().nullable(),
});

/** Who signed up, from which source, and how far they got in the funnel. */
export const getSignupAnalytics = defineTool({
  name: 'getSignupAnalytics',
  summary: 'Signups of the last days by role and source, the funnel from signup to paying, and the preceding period.',
  effect: 'none',
  input: z.strictObject({ days: z.number().int().min(1).max(90).default(7) }),
  output: z.object({
    days: z.number().int(),
    since: z.string(),
    until: z.string(),
    signups: z.number().int(),
    previousSignups: z.number().int(),
    change: z.number().int(),
    /** As a share of the preceding period; null if that had no signups. */
    changeShare: z.number().nullable(),
    /** Signups that match no role or source of `platform.yaml` are counted as `other`. */
    byRole: z.array(Cohort),
    bySource: z.array(Cohort),
    funnel: z.array(Stage),
    /** The share of the period's signups that have reached the last stage so far; null without signups. */
    conversionRate: z.number().nullable(),
    previousConversionRate: z.number().nullable(),
  }),
  example: { days: 7 },
  async run({ days }, { ports, clock }) {
    const { users } = await ports.settings.platform();
    const { documents } = ports;
    const until = clock.now();
    const window = { since: new Date(until.getTime() - days * DAY_MS), until };
    const previous = { since: new Date(until.getTime() - 2 * days * DAY_MS), until: window.since };
    const [now, before, byRole, bySource] = await Promise.all([
      funnelOf(documents, users, window),
      funnelOf(documents, users, previous),
      cohortsOf(documents, users, window, { field: users.fields.role, words: users.roles }),
      cohortsOf(documents, users, window, { field: users.fields.source, words: users.sources }),
    ]);
    const change = now.signups - before.signups;
    return {
      days,
      since: window.since.toISOString(),
      until: until.toISOString(),
      signups: now.signups,
      previousSignups: before.signups,
      change,
      changeShare: shareOf(change, before.signups),
      byRole: cohorts(byRole, now.signups),
      bySource: cohorts(bySource, now.signups),
      funnel: now.stages,
      conversionRate: now.conversionRate,
      previousConversionRate: before.conversionRate,
    };
  },
});

type Users = Platform['users'];
interface Counted {
  readonly value: string;
  readonly name: string;
  readonly signups: number;
}

async function cohortsOf(
  documents: Documents,
  users: Users,
  window: Window,
  by: { readonly field: string; readonly words: Users['roles'] },
): Promise<readonly Counted[]> {
  const signedUp = within(users.fields.createdAt, window);
  return Promise.all(
    by.words.map(async ({ value, name }) => {
      const where: Where[] = [oneOf(by.field, [value]), ...signedUp];
      return { value, name, signups: await count(documents, users.collection, where) };
    }),
  );
}

function cohorts(counted: readonly Counted[], all: number): z.infer<typeof Cohort>[] {
  const other = all - counted.reduce((sum, { signups }) => sum + signups, 0);
  return [...counted, { value: 'other', name: 'Other', signups: other }].map((cohort) => ({
    ...cohort,
    share: shareOf(cohort.signups, all),
  }));
}

async function funnelOf(documents: Documents, users: Users, window: Window) {
  const signedUp = within(users.fields.createdAt, window);
  const [signups, reached] = await Promise.all([
    count(documents, users.collection, signedUp),
    Promise.all(
      users.funnel.map(({ field }) =>
        count(documents, users.collection, [...signedUp, { field, op: '>', value: BEGINNING }]),
      ),
    ),
  ]);
  const counts = [signups, ...reached];
  const stages = [{ id: 'signed_up', name: 'Signed up' }, ...users.funnel].map(({ id, name }, index) => ({
    id,
    name,
    reached: counts[index] ?? 0,
    fromPrevious: index === 0 ? null : shareOf(counts[index] ?? 0, counts[index - 1] ?? 0),
    fromSignup: shareOf(counts[index] ?? 0, signups),
  }));
  return { signups, stages, conversionRate: stages.at(-1)?.fromSignup ?? null };
}
