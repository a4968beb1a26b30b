import { expect, test } from 'vitest';
import { escapeMarkdown, stripInvisible } from './clean-text.ts';

test('hidden characters are removed, line breaks and emoji stay', () => {
  const hidden = '\u200b\u202e\u2066\ufeff\u00ad\u{e0041}\u{e0100}\u0000\u001b';
  expect(stripInvisible(`a${hidden}b\n\tc 👩\u200d💻 ❤\ufe0f`)).toBe('ab\n\tc 👩\u200d💻 ❤\ufe0f');
});

test('a joiner between digits does not hide that they are one number', () => {
  expect(stripInvisible('9\u200d9\ufe0f9')).toBe('999');
});

test('text becomes one line of Markdown that shows its characters', () => {
  expect(escapeMarkdown('# [a](b)\n*c* | <d>')).toBe(String.raw`\# \[a\](b) \*c\* \| \<d\>`);
});
