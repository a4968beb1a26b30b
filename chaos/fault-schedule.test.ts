import { describe, expect, test } from 'vitest';
import { NETWORK_FAULTS, SCENARIOS, TRANSPORTS } from './fault.ts';
import { faultsOf, type ScheduleOptions } from './fault-schedule.ts';

const WRITE = ['before a write', 'inside a write', 'after a write'];
const POINTS = [...WRITE, 'before a call', 'after a call', ...WRITE];
const FULL: ScheduleOptions = {
  seed: 7,
  points: POINTS,
  calls: 3,
  kills: 100,
  isShort: false,
  hasNetwork: true,
  dependencies: 6,
};
const all = (options: ScheduleOptions) => SCENARIOS.map((scenario) => faultsOf(scenario, options));

describe('the schedule of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(all(FULL)).toEqual(all(FULL));
    expect(all({ ...FULL, seed: 8 })).not.toEqual(all(FULL));
  });

  test('kills at every point and during every outside call, where there are enough kills', () => {
    const faults = faultsOf('boundary-kills', FULL);

    const points = new Set(faults.flatMap((fault) => (fault.kind === 'kill' ? [fault.at] : [])));
    const calls = new Set(faults.flatMap((fault) => (fault.kind === 'kill-in-call' ? [fault.call] : [])));
    expect([...points].toSorted((a, b) => a - b)).toEqual(POINTS.map((_, index) => index + 1));
    expect([...calls].toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test('kills as often as asked for', () => {
    const kills = all(FULL)
      .flat()
      .map(({ kind }) => (kind === 'kill-twice' ? 2 : Number(kind.startsWith('kill'))));

    expect(kills.reduce((sum, count) => sum + count, 0)).toBe(FULL.kills);
  });

  test('freezes no runner inside a write, where it would hold the file', () => {
    const frozen = faultsOf('freezes', { ...FULL, kills: 1_000 }).map((fault) => {
      return fault.kind === 'freeze' ? POINTS[fault.at - 1] : undefined;
    });

    expect(new Set(frozen)).toEqual(new Set(['before a write', 'after a write', 'before a call', 'after a call']));
  });

  test('has every fault of a network over every transport, and none without a network', () => {
    const faults = faultsOf('network', FULL).map((fault) => {
      return fault.kind === 'network' ? `${fault.how} ${fault.transport}` : fault.kind;
    });

    const every = TRANSPORTS.flatMap((transport) => NETWORK_FAULTS.map((how) => `${how} ${transport}`));
    expect(faults).toEqual(every);
    expect(faultsOf('network', { ...FULL, hasNetwork: false })).toEqual([]);
  });

  test('has every outage, dependency and pair of clocks', () => {
    const counts = (['outages', 'hung', 'clocks'] as const).map((scenario) => faultsOf(scenario, FULL).length);

    expect(counts).toEqual([3, 6, 4]);
  });

  test('has something of every scenario when it is short', () => {
    const short = { ...FULL, isShort: true, kills: 10 };

    expect(all(short).every((faults) => faults.length > 0 && faults.length <= 4)).toBe(true);
  });
});
