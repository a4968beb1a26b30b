import { describe, expect, test } from 'vitest';
import { sourcesOf } from '../figures/data-sources.ts';
import { writePlainAnswer, writePlainReport } from './plain-author.ts';
import { untraceableFigures } from '../figures/untraceable-figures.ts';

const data = {
  stats: { signups: 12, revenue: 1_234.5, errorRate: 0.012, checkedAt: '2026-11-20T14:00:00.000Z' },
  integrations: {
    slowestMs: 1_834,
    offline: [{ id: 'gmail', name: 'Gmail', error: 'HTTP 503' }],
    integrations: [
      { id: 'gmail', name: 'Gmail', status: 'offline', latencyMs: 1_834 },
      { id: 'drive', name: 'Drive', status: 'online', latencyMs: 20 },
      { id: 'pay', name: 'CannPay', status: 'unconfigured', latencyMs: null },
    ],
    none: [],
  },
};
const order = { title: 'Daily', because: 'No language model is configured.', data };

test('a plain report says that no language model wrote it', () => {
  expect(writePlainReport(order).markdown).toContain('No language model is configured.');
});

test('a plain report shows every section of the data, in units', () => {
  const { markdown } = writePlainReport(order);
  for (const shown of [
    '## Stats',
    '| Revenue | $1,234.50 |',
    '| Error rate | 1.2% |',
    '| Slowest | 1,834 ms |',
    'None.',
  ]) {
    expect(markdown).toContain(shown);
  }
});

test('a plain report writes our own words as words, and ids as they are', () => {
  const customers = [{ name: 'Ada', reason: 'no_login', owner: 'mrs_parker' }];
  const { markdown } = writePlainReport({ ...order, data: { customers } });
  expect(markdown).toContain(String.raw`| Ada | no login | mrs\_parker |`);
});

test('the same data gives the same report', () => {
  expect(writePlainReport(order)).toEqual(writePlainReport(structuredClone(order)));
});

test('no figure in a plain report is missing from the data', () => {
  expect(untraceableFigures(writePlainReport(order).markdown, sourcesOf(data))).toEqual(['503']);
  expect(JSON.stringify(data)).toContain('503');
});

test('action items come from what says of itself that it is not well, the most urgent first, each once', () => {
  expect(writePlainReport(order).actionItems).toEqual([
    { title: 'Bring Gmail back', priority: 'high', reason: 'Gmail is offline: HTTP 503.' },
    { title: 'Give CannPay its credentials', priority: 'low', reason: 'CannPay is unconfigured.' },
  ]);
});

test('a plain answer has findings with their severity', () => {
  expect(writePlainAnswer(order).findings.map(({ title, severity }) => [title, severity])).toEqual([
    ['Gmail is offline', 'critical'],
    ['CannPay is unconfigured', 'info'],
  ]);
});

describe('long and odd data', () => {
  test('a long list is shown by its first items, with how many there are', () => {
    const { markdown } = writePlainReport({ ...order, data: { rows: Array.from({ length: 33 }, (_, n) => ({ n })) } });
    expect(markdown).toContain('The first 10 of 33 are shown.');
  });

  test('data stays text: it opens no heading, link, image or cell', () => {
    const evil = '![x](https://evil.example) | # <b>\n# Title';
    const { markdown } = writePlainReport({ ...order, data: { customers: [{ name: evil }], note: evil } });
    expect(markdown).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\(|(?<!\\)<b/);
    expect(markdown).not.toContain('\n# Title');
  });

  test('the report of an earlier step is quoted with its Markdown, but without its links', () => {
    const earlier = {
      report: '## Churn\n\nIt is **low**. [see](https://evil.example) <b>',
      actionItems: [{ title: 'Call them', priority: 'normal', reason: 'They left.' }],
      turns: 2,
      degraded: false,
      figures: [],
    };
    const report = writePlainReport({ ...order, data: { churn: earlier } });
    expect(report.markdown).toContain(String.raw`> It is **low**. \[see\](https://evil.example) \<b>`);
    expect(report.markdown).not.toContain('Turns');
    expect(report.actionItems).toEqual(earlier.actionItems);
  });

  test('a long text of the data is quoted as it is, and draws no table of its own', () => {
    const { markdown } = writePlainReport({ ...order, data: { note: 'Hello\n| Revenue | $9 |' } });
    expect(markdown).toContain(String.raw`> \| Revenue \| $9 \|`);
  });

  test('without data the report says that nothing is reported', () => {
    expect(writePlainReport({ ...order, data: {} }).markdown).toContain('nothing is reported');
  });
});
