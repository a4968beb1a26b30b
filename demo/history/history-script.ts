import { DAY_MS } from '#core/duration.ts';

const HOUR_MS = 3_600_000;

/** Something that goes wrong in the past, from an instant (included) until another (excluded). */
export type Trouble = {
  readonly from: Date;
  readonly until: Date;
} & (
  | { readonly kind: 'integration_off'; readonly integration: string }
  /** It answers after about this long. */
  | { readonly kind: 'integration_slow'; readonly integration: string; readonly latencyMs: number }
  /** A secret of `integrations.yaml` is not set. */
  | { readonly kind: 'secret_missing'; readonly secret: string }
  /** `platform.yaml` does not say where the orders are. */
  | { readonly kind: 'orders_unmapped' }
  | { readonly kind: 'paused'; readonly playbookId: string; readonly by: string; readonly reason: string }
);
type Kind = Trouble extends infer Each ? (Each extends Trouble ? Omit<Each, 'from' | 'until'> : never) : never;

/** What happened when: hours before the last full hour, and for how many hours. */
const SCRIPT: readonly (readonly [hoursAgo: number, hours: number, kind: Kind])[] = [
  // An outage of more than three hours, and one that comes and goes.
  [40, 4, { kind: 'integration_off', integration: 'aeropay' }],
  [17, 1, { kind: 'integration_off', integration: 'blackleaf' }],
  [15, 1, { kind: 'integration_off', integration: 'blackleaf' }],
  [6 * 24 + 5, 2, { kind: 'integration_off', integration: 'hubspot' }],
  [19 * 24 + 9, 1, { kind: 'integration_off', integration: 'alleaves' }],
  [19 * 24 + 7, 1, { kind: 'integration_off', integration: 'alleaves' }],
  [19 * 24 + 4, 1, { kind: 'integration_off', integration: 'alleaves' }],
  [26 * 24 + 3, 3, { kind: 'integration_off', integration: 'gmail' }],
  [44 * 24, 5, { kind: 'integration_off', integration: 'mailjet' }],
  [71 * 24 + 2, 2, { kind: 'integration_off', integration: 'cannpay' }],
  [11 * 24 + 6, 1, { kind: 'integration_slow', integration: 'drive', latencyMs: 2_150 }],
  // A credential that was not renewed for a day.
  [16 * 24, 24, { kind: 'secret_missing', secret: 'BLACKLEAF_API_KEY' }],
  [
    21 * 24 + 12,
    2,
    {
      kind: 'paused',
      playbookId: 'ops_integration_monitor',
      by: 'martez@bakedbot.ai',
      reason: 'Aeropay is moving to a new data center; we check manually.',
    },
  ],
];

/** What went wrong in the `days` before `now`, ordered by its beginning; the same for the same instant. */
export function historyScript(now: Date, days: number): readonly Trouble[] {
  const lastHourMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const scripted = SCRIPT.map(([hoursAgo, hours, kind]): Trouble => {
    // Half an hour before, so that a slot at the full hour is never at the edge.
    const fromMs = lastHourMs - (hoursAgo + 0.5) * HOUR_MS;
    return { ...kind, from: new Date(fromMs), until: new Date(fromMs + hours * HOUR_MS) };
  });
  const start = now.getTime() - days * DAY_MS;
  return [...scripted, ...slowWeek(lastHourMs - 11 * DAY_MS), unmapped(lastHourMs - 23 * DAY_MS)]
    .filter(({ from }) => from.getTime() >= start)
    .toSorted((a, b) => a.from.getTime() - b.from.getTime());
}

/** The working hours of New York in the week of an instant, Monday to Friday. */
function slowWeek(duringMs: number): readonly Trouble[] {
  const day = Math.floor(duringMs / DAY_MS);
  // The epoch began on a Thursday.
  const monday = day - ((day + 3) % 7);
  return [0, 1, 2, 3, 4].map((after): Trouble => {
    const fromMs = (monday + after) * DAY_MS + 13.5 * HOUR_MS;
    const latencyMs = 620 + after * 60;
    const [from, until] = [new Date(fromMs), new Date(fromMs + 8 * HOUR_MS)];
    return { kind: 'integration_slow', integration: 'cannpay', latencyMs, from, until };
  });
}

/** One whole working day, the last before an instant: on other days, no playbook needs the orders. */
function unmapped(beforeMs: number): Trouble {
  const dayMs = Math.floor(beforeMs / DAY_MS) * DAY_MS;
  const back = { 0: 2, 6: 1 }[new Date(dayMs).getUTCDay()] ?? 0;
  const from = new Date(dayMs - back * DAY_MS);
  return { kind: 'orders_unmapped', from, until: new Date(from.getTime() + DAY_MS) };
}

/** The troubles at an instant. */
export function troublesAt(troubles: readonly Trouble[], instant: Date): readonly Trouble[] {
  return troubles.filter(({ from, until }) => from <= instant && instant < until);
}
