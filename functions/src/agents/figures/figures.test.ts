import { describe, expect, test } from 'vitest';
import type { Json } from '#core/json.ts';
import { bindFigures } from './figures.ts';

const data = {
  mrr: 45_320.5,
  mrrGrowth: -0.0523,
  signups: 12,
  quotaUsedPercent: 81,
  slowestMs: 1_834,
  errors: 0,
  checkedAt: '2026-11-20T14:05:00.000Z',
  offline: [
    { name: 'Gmail', error: 'HTTP 503 from the server' },
    { name: 'Studio 54', p95: 420 },
  ],
};

function bound(text: string, from: Json = data): string {
  const result = bindFigures(text, from);
  return result.ok ? result.text : `REFUSED ${result.problems.join(' ')}`;
}

describe('references', () => {
  test.each([
    ['{{signups}} signups', '12 signups'],
    ['{{mrr|usd}}', '$45,320.50'],
    ['${{mrr|usd}}', '$45,320.50'],
    ['${{mrr|int}}', '$45,321'],
    ['{{ mrrGrowth | percent }}', '-5.2%'],
    ['{{mrr|fixed1}}', '45,320.5'],
    ['{{offline|count}} offline, first {{offline.0.name}}', '2 offline, first Gmail'],
    ['{{offline[1].name}}', '“Studio 54”'],
    ['{{checkedAt|date}}', '2026-11-20'],
    ['{{quotaUsedPercent}}%', '81%'],
  ])('%s reads as %s', (written, shown) => {
    expect(bound(written)).toBe(shown);
  });

  test.each([
    ['{{nothing.here}}', 'nothing at this path'],
    ['{{offline}}', 'a list or an object'],
    ['{{offline.0.name|percent}}', 'not a number'],
    ['{{mrr|bold}}', 'bold is not a format'],
    ['{{mrr', 'not complete'],
    ['{{mrrGrowth}}%', 'changes its value'],
    ['{{signups}} million', 'changes its value'],
    ['1{{signups}}', 'touches a digit'],
    ['{{signups}}{{signups}}', 'touches a digit'],
    ['{{signups}}**0**', 'touches a digit'],
    ['fell by -{{signups}}', 'touches a digit'],
    ['{{__proto__.polluted}}', 'nothing at this path'],
  ])('%s is refused', (written, reason) => {
    expect(bound(written)).toContain(reason);
  });

  test('what was filled in is not read as a reference again', () => {
    expect(bound('{{name}}', { name: '{{secret}}', secret: 'x' })).toBe('{{secret}}');
  });

  test('text of the data stays plain text in Markdown', () => {
    expect(bound('{{name}}', { name: '![x](https://evil.example)\n# Hi <b>' })).toBe(
      String.raw`\!\[x\](https://evil.example) \# Hi \<b\>`,
    );
  });

  test('a receipt says where a figure comes from', () => {
    expect(bindFigures('{{mrr|usd}}', data)).toMatchObject({
      receipts: [{ path: 'mrr', shown: '$45,320.50', value: 45_320.5 }],
    });
  });
});

describe('figures that the model typed', () => {
  test.each([
    '12 signups, 0 errors and an MRR of $45,320.50',
    'MRR is about $45.3k, or 45,321 dollars',
    'MRR fell by 5.2% (5.23 percent, -5%)',
    '81% of the quota is used',
    '2 systems are offline, two of them badly',
    'checked on 2026-11-20 at 14:05, on November 20, 2026, 20 Nov 2026 and at 2:05 PM',
    'the p95 was 420 ms, or 4**2**0 ms',
    '1. first\n2. second\n\n## 3. Churn',
    'twelve signups',
    'Nothing to say, one way or the other.',
  ])('%s goes back to the data', (text) => {
    expect(bound(text)).toBe(text);
  });

  test.each([
    ['99 signups', '99'],
    ['MRR of $45,999', '45,999'],
    ['MRR of 45 million', '45 million'],
    ['12% more', '12%'],
    ['grew by +5.2%', '+5.2%'],
    ['0.0 errors per 5 requests', '5'],
    ['9**9** signups', '99'],
    ['9\u200b9 signups', '99'],
    ['9 999 999 dollars', '9 999 999'],
    ['1e6 dollars', '1e6'],
    ['٩٩ signups', '٩٩'],
    ['½ of them', '½'],
    ['seventeen signups', 'seventeen'],
    ['three hundred signups', 'three hundred'],
    ['on 2026-11-21', '21'],
    ['at 15:05', '15'],
    ['[see](https://x.example/77)', '77'],
    ['&#57;&#57; signups', '57'],
    ['9[](x)9 signups', '99'],
    ['revenue (77)', '77'],
    ['USD500', '500'],
  ])('%s', (text, figure) => {
    expect(bound(text)).toMatch(new RegExp(`^REFUSED.*not in the data: .*${figure.replaceAll('+', String.raw`\+`)}`));
  });

  test('a small value that is not 0 does not read as 0', () => {
    expect(bound('0 of it', { share: 0.3 })).toContain('REFUSED');
    expect(bound('0.3 of it', { share: 0.3 })).toBe('0.3 of it');
  });

  test('a name with digits is shown as a quotation', () => {
    expect(bound('Studio 54 and "Studio 54" are slow')).toBe('“Studio 54” and “Studio 54” are slow');
  });

  test('digits out of the middle of a text in the data are refused', () => {
    expect(bound('The figure is 503')).toContain('503');
    expect(bound('Gmail says {{offline.0.error}}')).toBe('Gmail says “HTTP 503 from the server”');
  });
});

test('a text full of figures is held to much data in little time', () => {
  const data = { list: Array.from({ length: 200_000 }, (_, index) => index + 0.5), at: '2026-11-20' };
  const startedAt = process.threadCpuUsage();

  expect(bindFigures('98765.25 '.repeat(2_000), data).ok).toBe(false);
  expect(bindFigures(Array.from({ length: 3_000 }, (_, index) => `${index}.25`).join(' '), data).ok).toBe(false);

  expect(process.threadCpuUsage(startedAt).user / 1_000).toBeLessThan(2_000);
});

test('no figure gets through that is not in the data, whatever number it is', () => {
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 2_000; round += 1) {
    const value = Math.floor(random() * 10 ** (1 + Math.floor(random() * 7)));
    const typed = Math.floor(random() * 10 ** (1 + Math.floor(random() * 7)));
    const accepted = bindFigures(`It is ${typed.toLocaleString('en-US')} now.`, { value }).ok;
    expect({ value, typed, accepted }).toEqual({ value, typed, accepted: value === typed });
  }
});
