import { describe, expect, test } from 'vitest';
import { actsOn, type Act } from './people-at-work.ts';

const NOW = new Date('2026-11-20T14:05:00.000Z');
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR_MS);

function acts(kind: 'campaign' | 'incident', hours = 100): readonly (readonly Act[])[] {
  return Array.from({ length: 60 }, (_, index) =>
    actsOn({ id: `ops_example_${index}`, kind, createdAt: hoursAgo(hours) }, NOW),
  );
}

describe('people at work', () => {
  test('approve most campaigns, change some before, and reject some with a reason', () => {
    const last = acts('campaign').map((each) => each.at(-1));
    const rejected = last.filter((act) => act?.does === 'reject');
    expect(last.filter((act) => act?.does === 'approve').length).toBeGreaterThan(rejected.length * 2);
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.every((act) => (act?.text ?? '') !== '')).toBe(true);
    expect(acts('campaign').filter(([first]) => first?.does === 'modify').length).toBeGreaterThan(0);
  });

  test('decide a campaign within hours, after everything else that they do with it', () => {
    for (const each of acts('campaign')) {
      expect(each.map(({ at }) => at)).toEqual(each.map(({ at }) => at).toSorted((a, b) => a.getTime() - b.getTime()));
      expect(each.every(({ at }) => at > hoursAgo(100) && at < hoursAgo(95))).toBe(true);
    }
  });

  test('comment on a fresh incident, and have not closed it yet', () => {
    expect(
      acts('incident', 10)
        .flat()
        .every(({ does }) => does === 'comment'),
    ).toBe(true);
    expect(acts('incident', 100).every((each) => each.at(-1)?.does === 'close')).toBe(true);
  });

  test('do nothing in the future', () => {
    expect(acts('incident', 0).flat()).toEqual([]);
  });

  test('always act the same way on the same thread', () => {
    expect(acts('campaign')).toEqual(acts('campaign'));
  });
});
