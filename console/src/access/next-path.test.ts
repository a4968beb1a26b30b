import { describe, expect, test } from 'vitest';
import { nextPath } from './next-path.ts';

describe('where a sign-in leads', () => {
  test.each(['/', '/executions', '/executions?status=failed&page=a_b-c', '/inbox/ops_1/step%2Fa'])('%s', (path) => {
    expect(nextPath(path)).toBe(path);
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another site', 'https://evil.example/'],
    ['another site without its scheme', '//evil.example/'],
    ['another site with a backslash', '/\\evil.example/'],
    ['another site with two backslashes', '\\\\evil.example'],
    ['another site behind a dot', '/.//evil.example/'],
    ['another site behind two dots', '/a/..//evil.example/'],
    ['another site behind an encoded dot', '/%2e//evil.example/'],
    ['another site behind a tab', '/\t/evil.example/'],
    ['another site behind a line break', '/\n/evil.example/'],
    ['a backslash further in', '/.\\/evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a path that is not absolute', 'executions'],
    ['a text with a space', '/a b'],
    ['a letter beyond ASCII', '/ä'],
    ['a path of 3,000 characters', `/${'a'.repeat(3000)}`],
    ['the sign-in itself', '/sign-in?next=/sign-in'],
    ['the sign-out', '/sign-out'],
    ['the sign-out behind a dot', '/./sign-out'],
  ])('%s leads to the first page', (_, wanted) => {
    expect(nextPath(wanted)).toBe('/');
  });
});
