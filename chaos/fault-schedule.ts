import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { NETWORK_FAULTS, SCENARIOS, TRANSPORTS, type Fault, type Scenario } from './fault.ts';

/** What the schedule of a scenario depends on; the same values give the same faults. */
export interface ScheduleOptions {
  readonly seed: number;
  /** The points that an undisturbed delivery passes, by what happens at each. */
  readonly points: readonly string[];
  /** How many outside calls it makes. */
  readonly calls: number;
  /** How many runners are killed, in all scenarios of kills together. */
  readonly kills: number;
  readonly isShort: boolean;
  /** Whether there is a network between runner and database. */
  readonly hasNetwork: boolean;
  readonly dependencies: number;
}

const MINUTES_MS = 60_000;
const CLOCK_SHIFT_MS = 10 * MINUTES_MS;
const LATEST_KILL_MS = 400;
const OUTAGES_MS = [1_000, 5_000, 20_000];

/** The cases of each scenario, as a share of all kills; those of `second-kills` have two. */
const [BOUNDARY_SHARE, RANDOM_SHARE, TWICE_SHARE, FREEZE_SHARE] = [0.4, 0.3, 0.15, 0.1];

/** The faults of a scenario, in the order in which they come; case N is always the same for a seed. */
export function faultsOf(scenario: Scenario, options: ScheduleOptions): readonly Fault[] {
  const { seed, points, calls, kills, isShort } = options;
  const random = seededRandom(seed * SCENARIOS.length + SCENARIOS.indexOf(scenario));
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const times = (count: number, fault: () => Fault): readonly Fault[] => Array.from({ length: count }, fault);
  const anyPoint = (): number => upTo(points.length);
  switch (scenario) {
    case 'boundary-kills':
      return boundaryKills(points.length, calls, Math.ceil(kills * BOUNDARY_SHARE), random);
    case 'random-kills':
      return times(Math.ceil(kills * RANDOM_SHARE), () => ({
        kind: 'kill-later',
        afterMs: Math.round(random() * LATEST_KILL_MS),
      }));
    case 'second-kills':
      return times(Math.ceil(kills * TWICE_SHARE), () => ({ kind: 'kill-twice', at: anyPoint(), again: upTo(8) }));
    case 'freezes':
      return times(isShort ? 2 : Math.ceil(kills * FREEZE_SHARE), () => ({
        kind: 'freeze',
        at: freezable(points, upTo),
      }));
    case 'deliveries':
      return times(isShort ? 1 : 8, () => deliveries(random, upTo));
    case 'network':
      return options.hasNetwork ? networkFaults(upTo(calls), isShort) : [];
    case 'outages':
      return (isShort ? OUTAGES_MS.slice(0, 1) : OUTAGES_MS).map((forMs) => {
        return { kind: 'outage', forMs, call: upTo(calls) };
      });
    case 'hung':
      return Array.from({ length: isShort ? 1 : options.dependencies }, (_, dependency) => {
        return { kind: 'hung', dependency };
      });
    case 'clocks':
      return clocks(isShort, anyPoint);
  }
}

/** Every point in a random order, and every outside call while it is being answered; then again from the beginning. */
function boundaryKills(points: number, calls: number, kills: number, random: () => number): readonly Fault[] {
  const all: readonly Fault[] = [
    ...Array.from({ length: points }, (_, index) => ({ kind: 'kill', at: index + 1 }) as const),
    ...Array.from({ length: calls }, (_, index) => ({ kind: 'kill-in-call', call: index + 1 }) as const),
  ];
  const shuffled = all.map((fault) => ({ fault, order: random() })).toSorted((a, b) => a.order - b.order);
  return Array.from({ length: kills }, (_, index) => shuffled[index % shuffled.length]?.fault).filter(
    (fault) => fault !== undefined,
  );
}

/** A runner that stops inside a write of SQLite holds the file; that is an outage, not a freeze. */
function freezable(points: readonly string[], upTo: (most: number) => number): number {
  for (;;) {
    const at = upTo(points.length);
    if (points[at - 1] !== 'inside a write') return at;
  }
}

function deliveries(random: () => number, upTo: (most: number) => number): Fault {
  const count = 6 + upTo(14);
  return {
    kind: 'deliveries',
    gapsMs: Array.from({ length: count }, () => (random() < 0.5 ? 0 : Math.round(random() * 80))),
    slots: Array.from({ length: count }, () => upTo(3) - 1),
  };
}

function networkFaults(call: number, isShort: boolean): readonly Fault[] {
  const all = TRANSPORTS.flatMap((transport) => NETWORK_FAULTS.map((how) => ({ how, transport })));
  return all
    .map(({ how, transport }) => ({ kind: 'network', how, transport, call }) as const)
    .slice(0, isShort ? 2 : 8);
}

function clocks(isShort: boolean, anyPoint: () => number): readonly Fault[] {
  const shifts = [
    [CLOCK_SHIFT_MS, -CLOCK_SHIFT_MS],
    [-CLOCK_SHIFT_MS, CLOCK_SHIFT_MS],
    [0, CLOCK_SHIFT_MS],
    [0, -CLOCK_SHIFT_MS],
  ] as const;
  return shifts
    .slice(0, isShort ? 1 : shifts.length)
    .map((shiftsMs) => ({ kind: 'clocks', shiftsMs, at: anyPoint() }) as const);
}
