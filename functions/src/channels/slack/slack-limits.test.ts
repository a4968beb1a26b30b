import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { slackMessage } from './slack-blocks.ts';

const origin = { playbookName: 'P', executionId: 'p_1' };
const Text = z.object({ text: z.object({ text: z.string() }) });

function made(body: string, subject = 'S', priority: 'normal' | 'high' = 'normal') {
  const message = slackMessage({ to: [], priority, subject, body }, origin, {
    allowedLinkHosts: [],
    mark: ' (resend)',
  });
  const texts = message.blocks.flatMap((block) => Text.safeParse(block).data?.text.text ?? []);
  const [header = '', ...sections] = texts;
  return { ...message, header, sections };
}

/** Every position at which a limit can fall within a character. */
const offsets = Array.from({ length: 12 }, (_, offset) => offset);
const characters = ['🔥', '👨‍👩‍👧‍👦', '🇳🇱', 'e\u0301'];
const rows = characters.flatMap((character) => offsets.map((offset) => [character, offset] as const));

describe('a character at a limit', () => {
  test.each(rows)('is not cut in the fallback: %s, moved by %i', (character, offset) => {
    const body = 'x'.repeat(2_980 + offset) + character.repeat(30);
    const { text } = made(body);

    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(text.isWellFormed()).toBe(true);
    expect(text.endsWith(`${character}…`) || text.endsWith('x…')).toBe(true);
  });

  test.each(rows)('is not cut in the header: %s, moved by %i', (character, offset) => {
    const { header } = made('B', 'x'.repeat(115 + offset) + character.repeat(30), 'high');

    expect(header.length).toBeLessThanOrEqual(150);
    expect(header.isWellFormed()).toBe(true);
    expect(header).toMatch(/^🔴 x+/u);
    expect(header.endsWith(`${character}… (resend)`) || header.endsWith('x… (resend)')).toBe(true);
  });

  test.each(offsets)('of two code units is not cut between sections, moved by %i', (offset) => {
    const body = 'x'.repeat(2_980 + offset) + '🔥'.repeat(30);
    const { sections } = made(body);

    expect(sections.join('')).toBe(body);
    expect(sections.every((section) => section.isWellFormed() && section.length <= 3_000)).toBe(true);
  });
});

describe('a limit', () => {
  const head = 'S (resend)\n'.length;

  test.each([
    [2_999, 2_999],
    [3_000, 3_000],
    [3_001, 3_000],
  ])('of the fallback: of %i characters it shows %i', (chars, shown) => {
    const whole = 'x'.repeat(chars - head);
    const { text } = made(whole);

    expect(text).toHaveLength(shown);
    expect(text.endsWith('…')).toBe(chars > 3_000);
  });

  test.each([
    [129, 129],
    [130, 130],
    [131, 130],
  ])('of the subject: of %i characters it shows %i', (chars, shown) => {
    expect(made('B', 'x'.repeat(chars)).header).toHaveLength(shown + ' (resend)'.length);
  });

  test.each([
    [2_999, 1],
    [3_000, 1],
    [3_001, 2],
  ])('of a section: %i characters are in %i', (chars, count) => {
    const body = 'x'.repeat(chars);
    const { sections } = made(body);

    expect(sections).toHaveLength(count);
    expect(sections.join('')).toBe(body);
  });

  test.each([
    [45, 45, false],
    [46, 46, false],
    [47, 47, true],
  ])('of sections: %i are in %i, with a note of what is left out: %s', (parts, blocks, isCut) => {
    const { sections } = made(Array.from({ length: parts }, () => 'x'.repeat(2_990)).join('\n\n'));

    expect(sections).toHaveLength(blocks);
    expect(sections.at(-1)?.startsWith('_2990 more characters do not fit here')).toBe(isCut);
  });
});
