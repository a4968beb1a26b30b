import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formatProblem, parseYaml } from './source.ts';

const Schema = z.strictObject({
  id: z.string(),
  retry: z.strictObject({ attempts: z.number().int() }).optional(),
  steps: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('tool_call'), tool: z.string() }),
        z.strictObject({
          type: z.literal('notify'),
          body: z.union([z.string(), z.strictObject({ file: z.string() })]),
        }),
      ]),
    )
    .default([]),
  labels: z.record(z.string(), z.json()).optional(),
});

const read = (text: string) => parseYaml('playbooks/x.yaml', text, Schema);
const anything = (text: string) => parseYaml('x.yaml', text, z.json());
function problemsOf(text: string): readonly string[] {
  const parsed = read(text);
  return parsed.ok
    ? []
    : parsed.problems.map(({ line, column, path, message, suggestion }) =>
        `${line}:${column} ${path} ${message} ${suggestion ?? ''}`.trim(),
      );
}

describe('places', () => {
  test('a problem is printed with file, line, column, path, what to write instead, and a caret', () => {
    const parsed = read('id: x\nsteps:\n  - type: tool_call\n    tool: ping\n  - type: tool_cal\n    tool: ping\n');
    expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toEqual([
      [
        "playbooks/x.yaml:5:11  steps[1].type  Unknown step type 'tool_cal'. Did you mean 'tool_call'?",
        '    - type: tool_cal',
        '            ^',
      ].join('\n'),
    ]);
  });

  test('all problems of a file come at once, in the order of its lines', () => {
    expect(
      problemsOf(
        'idd: x\nretry: { attempts: many }\nsteps:\n  - { type: notify, body: 5, bdy: 6 }\n  - { type: tool_call }\n',
      ),
    ).toEqual([
      "1:1 id The field 'id' is missing.",
      "1:1 idd Unknown field 'idd'. Did you mean 'id'?",
      "2:20 retry.attempts This must be a number, but it is the text 'many'.",
      '4:27 steps[0].body This must be a text, but it is the number 5.',
      "4:30 steps[0].bdy Unknown field 'bdy'. Did you mean 'body'?",
      "5:5 steps[1].tool The field 'tool' is missing.",
    ]);
  });

  test('what is wrong in one form of a value is told, not that it fits none', () => {
    expect(problemsOf('id: x\nsteps:\n  - { type: notify, body: { fil: a } }')).toEqual([
      "3:27 steps[0].body.file The field 'file' is missing.",
      "3:29 steps[0].body.fil Unknown field 'fil'. Did you mean 'file'?",
    ]);
  });

  test('a byte order mark and Windows line ends change neither values nor places', () => {
    expect(read('\uFEFFid: x\r\nretry:\r\n  attempts: 3\r\n')).toMatchObject({
      ok: true,
      value: { id: 'x', retry: { attempts: 3 } },
    });
    expect(problemsOf('\uFEFFid: 5')).toEqual(['1:5 id This must be a text, but it is the number 5.']);
    const parsed = read('\uFEFFid: x\r\nretry:\r\n  attempts: z\r\n');
    expect(parsed.ok ? undefined : parsed.problems[0]).toMatchObject({
      line: 3,
      column: 13,
      excerpt: '    attempts: z\n              ^',
    });
  });

  test('the place of a key, of a value, and of what is around something that is not there', () => {
    const parsed = read('id: x\nretry:\n  attempts: 3\n');
    if (!parsed.ok) throw new Error('It does not parse.');
    expect(parsed.positionOf(['retry', 'attempts'])).toEqual({ line: 3, column: 13 });
    expect(parsed.positionOf(['retry', 'attempts'], 'key')).toEqual({ line: 3, column: 3 });
    expect(parsed.positionOf(['retry', 'delay', 'unit'])).toEqual({ line: 3, column: 3 });
    expect(parsed.positionOf([])).toEqual({ line: 1, column: 1 });
  });

  test('hidden characters are shown instead of obeyed, and the caret stays below its place', () => {
    const parsed = read('id: x\nret\u200Bry: {}\nlabels: { a: "\u202E" }\nidd: "a\u001Bb"\n');
    const text = parsed.ok ? '' : parsed.problems.map(formatProblem).join('\n');
    expect(text).toContain("Unknown field 'ret\\u200bry'. Did you mean 'retry'?\n  ret·ry: {}\n  ^");
    expect(text).toContain("Unknown field 'idd'. Did you mean 'id'?\n  idd: \"a·b\"\n  ^");
    expect(text).not.toMatch(/[\u200B\u202E\u001B]/);
  });

  test('a long line is cut around the caret', () => {
    const parsed = read(`id: x\nlabels: { a: ${'x'.repeat(300)} }\nnope: 1\nsteps: [${'   '.repeat(60)} { type: x }]`);
    const excerpts = parsed.ok ? [] : parsed.problems.map(({ excerpt }) => excerpt.split('\n'));
    for (const [line = '', caret = ''] of excerpts) expect(Math.max(line.length, caret.length)).toBeLessThan(110);
    expect(excerpts.at(-1)?.[0]?.charAt((excerpts.at(-1)?.[1]?.length ?? 0) - 1)).toBe('x');
  });
});

describe('YAML 1.2', () => {
  test('on, no, dates and times are texts, and 1e3 is a number', () => {
    expect(anything('a: on\nb: no\nc: 2026-01-01\nd: 12:30\ne: 1e3\nf: 0o17\ng: 1_000\nh: ~\ni: "1"')).toMatchObject({
      value: { a: 'on', b: 'no', c: '2026-01-01', d: '12:30', e: 1000, f: 15, g: '1_000', h: null, i: '1' },
    });
  });

  test('anchors and aliases repeat a value', () => {
    expect(anything('a: &a { x: 1 }\nb: *a')).toMatchObject({ value: { a: { x: 1 }, b: { x: 1 } } });
  });

  test('emoji, right-to-left text and zero-width characters stay as they are', () => {
    const text = '🔗 👩‍👩‍👧 שלום \u200B';
    expect(anything(`a: "${text}"\n${'b'.repeat(1000)}: ${'ü'.repeat(10_000)}`)).toMatchObject({ value: { a: text } });
  });

  const bomb = `a: &a [x,x]\n${Array.from('bcdefgh', (name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'.charAt(index)}`).join(',')}]`).join('\n')}`;

  test.each([
    ['a duplicate key', 'id: x\nid: y', '2:1  This key is a duplicate'],
    ['a tab', 'id: x\nretry:\n\tattempts: 1', '3:1  Tab found; YAML must be indented with spaces'],
    ['two documents', 'id: x\n---\nid: y', '2:1  The file contains several documents'],
    ['a custom tag', 'id: !foo x', "The tag '!foo' is refused"],
    ['a JavaScript tag', 'id: !!js/function "x"', "The tag '!!js/function' is refused"],
    ['binary', 'id: !!binary aGk=', "The tag '!!binary' is refused"],
    ['a merge key', 'id: x\nretry:\n  <<: { attempts: 1 }', "3:3  Merge keys ('<<') are refused"],
    ['a __proto__ key', 'id: x\nlabels:\n  __proto__: { a: 1 }', "3:3  '__proto__' cannot be a key"],
    ['a key that is a list', '? [a]\n: 1', 'A key must be plain text'],
    ['an empty key', 'id: x\n: y', 'A key must be plain text'],
    ['a bomb of aliases', bomb, 'The file expands to more than 100 aliases'],
    ['an alias to itself', 'id: x\nlabels: &l { a: *l }', "The alias '*l' refers to a value that contains it"],
    ['an unknown alias', 'id: *nope', "The alias '*nope' refers to no anchor"],
    [
      'a cron without quotes',
      'id: x\nlabels:\n  cron: * * * * *',
      "3:9  A text cannot begin with '*' without quotes. Put the value in quotes.",
    ],
    ['a colon without quotes', 'id: a: b', 'A value that contains a colon must be quoted'],
    [
      'a cron without quotes that begins with a step',
      'id: x\nlabels:\n  cron: */10 * * * *',
      'The value ended before this text. Put the whole value in quotes.',
    ],
    [
      'words after brackets',
      'id: [Ops] check',
      '1:11  The value ended before this text. Put the whole value in quotes.',
    ],
    ['words after a bar', 'id: | x', 'A text after | or > must begin on the next line.'],
    ['a dash at the beginning', 'id: - x', 'a text that begins with - must be quoted'],
    ['a stray bracket', 'id: ] x\nretry:\n  attempts: 3', '1:5  This bracket closes nothing.'],
    ['a negation without quotes', 'id: !x.y', 'a value that begins with ! needs quotes'],
    [
      'an unclosed text',
      'id: "x\nretry: { attempts: 1 }\n',
      '1:5  The quotation mark that begins here is never closed.',
    ],
    ['an older YAML', '%YAML 1.1\n---\nid: on', 'Remove the %YAML line'],
    ['nothing', '', 'The file is empty'],
    ['comments only', '# nothing here\n', 'The file is empty'],
    ['a list', '- 1', 'This must be an object with fields, but it is a list.'],
    ['a file of more than 1 MB', `id: ${'x'.repeat(1_000_001)}`, 'larger than 1 MB'],
    ['a file that nests too deeply', `id: ${'['.repeat(20_000)}`, 'nested too deeply'],
    [
      'a lone surrogate',
      String.raw`id: x
labels: { a: "\ud83d" }`,
      '2:14  This text contains a lone surrogate, written with \\u…. Write the character itself',
    ],
    [
      'a lone surrogate in a key',
      String.raw`id: x
labels: { "\udc00": 1 }`,
      '2:11  This text contains a lone surrogate',
    ],
    ['a tab that ends a text', 'id: |\n  x\n\ty\n', '3:1  Tab found; YAML must be indented with spaces.'],
    [
      'a tab in a text',
      'id: |\n  x\n  \ty\nlabels:\n  a: |\n\tone\n',
      '6:1  Tab found; YAML must be indented with spaces.',
    ],
    ['a tab in an empty line of a text', 'id: >\n  \n\t\n  x\n', '3:1  Tab found; YAML must be indented with spaces.'],
    [
      'an empty line that is too far in',
      'id: |\n   \n  x\n',
      'A blank line at the beginning of this text is indented further',
    ],
    ['line ends of an old Macintosh', 'id: x\rsteps: []\r', '1:6  Bare carriage return found'],
    ['a no-break space', 'id: x\nretry:\u00A0{}', '2:7  \\u00a0 found: it looks like a space'],
    ['an ordered map', 'id: x\nlabels: !!omap [a: 1]', "The tag '!!omap' is refused"],
    ['a number that is none', 'id: x\nlabels: { a: .nan }', 'labels.a'],
  ])('%s is refused', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toContain(expected);
    expect(problems.length).toBeLessThanOrEqual(50);
  });

  test('a value with a refused tag is not told to be what it has to be', () => {
    expect(problemsOf('id: x\nretry: !!set { a }').join('\n')).not.toContain('must be an object with fields, but');
  });

  test('a tab is told once, and not also what follows from it', () => {
    expect(problemsOf('id: |\n  x\n\ty\n')).toHaveLength(1);
  });

  test('both halves of a character make one', () => {
    expect(anything(String.raw`a: "\ud83d\ude00"`)).toMatchObject({ ok: true, value: { a: '😀' } });
  });

  test('the replacement character may stand in a file', () => {
    expect(anything('a: is \uFFFD well')).toMatchObject({ ok: true, value: { a: 'is \uFFFD well' } });
  });

  test('a text that ends at a # is warned of, and a comment is not', () => {
    const parsed = read(
      'id: Ticket #12 is late # really\nretry: { attempts: 3 } # three\nlabels:\n  a: b # c\n  d: "e #f"\n',
    );
    expect(parsed.ok ? parsed.warnings.map(formatProblem) : []).toEqual([
      "playbooks/x.yaml:1:5  Warning: The text ends before '#12 is late # really', which YAML reads as a comment. Put the text in quotes, or write a space after the # to make it a comment.\n  id: Ticket #12 is late # really\n      ^",
    ]);
  });

  test('a duplicate key does not hide what else is wrong', () => {
    expect(problemsOf('id: x\nid: y\nsteps: 5')).toHaveLength(2);
  });
});
