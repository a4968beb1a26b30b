import { describe, expect, test } from 'vitest';
import { filterHref, readFilter } from './filter.ts';

const ZONE = 'America/New_York';

describe('the filters of an address', () => {
  test('become what the records are asked for, days in the zone of the reader and the last one included', () => {
    const { filter } = readFilter(
      { playbook: 'ops_daily', status: 'failed', text: ' payments ', from: '2026-11-20', to: '2026-11-20', after: 'x' },
      ZONE,
    );
    expect(filter).toEqual({
      playbookId: 'ops_daily',
      status: 'failed',
      text: 'payments',
      from: new Date('2026-11-20T05:00:00.000Z'),
      to: new Date('2026-11-21T05:00:00.000Z'),
    });
  });

  test('that are empty do not hold', () => {
    expect(readFilter({ playbook: '', status: ' ', to: '' }, ZONE)).toEqual({ given: {}, problems: {}, filter: {} });
  });

  test.each([
    ['status', 'bogus'],
    ['trigger', 'event'],
    ['from', '2026-02-30'],
    ['to', '0000-01-01'],
    ['label', 'no-value'],
    ['text', 'x'.repeat(201)],
  ])('say at %s what is wrong with %j, and ask for nothing', (name, value) => {
    const { problems, filter, given } = readFilter({ [name]: value }, ZONE);
    expect(Object.keys(problems)).toEqual([name]);
    expect(filter).toEqual({});
    expect(given).toEqual({ [name]: value });
  });

  test('refuse a last day before the first', () => {
    expect(readFilter({ from: '2026-11-21', to: '2026-11-20' }, ZONE).problems.to).toContain('before the start date');
  });

  test('go back into an address, changed where asked', () => {
    const { given } = readFilter({ status: 'failed', text: 'a&b=c' }, ZONE);
    expect(filterHref('/executions', given)).toBe('/executions?text=a%26b%3Dc&status=failed');
    expect(filterHref('/executions', given, { text: undefined, status: undefined })).toBe('/executions');
  });
});
