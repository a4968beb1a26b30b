import { describe, expect, test } from 'vitest';
import { evaluateCondition } from './expression.ts';
import { loadExpressions } from './expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import type { JsonObject } from '#core/json.ts';

const { compile } = await loadExpressions();

const scope: JsonObject = {
  steps: {
    integrations: {
      output: {
        offline: [
          { name: 'gmail', error: 'timeout' },
          { name: 'drive', error: '503' },
        ],
        count: 3,
        rate: 0.15,
        nothing: null,
        byGroup: { email: { online: 1 } },
      },
      status: 'succeeded',
      failure: null,
    },
    skipped: { output: null, status: 'skipped', failure: null },
  },
  now: '2026-11-20T14:00:00.000Z',
  window: { start: '2026-11-19T11:00:00.000Z', end: '2026-11-20T14:00:00.000Z' },
};
const output = 'steps.integrations.output';

function valueOf(source: string): unknown {
  return compile(source).evaluate(scope);
}

function failureOf(act: () => unknown): PlaybookError {
  try {
    act();
  } catch (error) {
    if (error instanceof PlaybookError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('what expressions yield', () => {
  test.each([
    [`size(${output}.offline) > 0`, true],
    [`${output}.count + 1`, 4],
    [`1 + ${output}.count`, 4],
    [`${output}.rate * 100`, 15],
    [`${output}.count / 2`, 1.5],
    [`10 % ${output}.count`, 1],
    [`${output}.count == 3`, true],
    [`${output}.offline.map(i, '- ' + i.name + ': ' + i.error).join('\\n')`, '- gmail: timeout\n- drive: 503'],
    [`${output}.offline.filter(i, i.error.startsWith('5')).map(i, i.name)`, ['drive']],
    [`${output}.offline.exists(i, i.name == 'drive') && !${output}.offline.all(i, i.name == 'drive')`, true],
    [`${output}.byGroup['email'].online`, 1],
    [`'email' in ${output}.byGroup`, true],
    [`${output}.offline[0]`, { name: 'gmail', error: 'timeout' }],
    [`{'a': [1, 2.5, true, null, 'x'], 'b': {'c': 1u}}`, { a: [1, 2.5, true, null, 'x'], b: { c: 1 } }],
    [`steps.skipped.output`, null],
    [`steps.skipped.output == null`, true],
    [`has(${output}.missing) ? ${output}.missing : 'none'`, 'none'],
    [`has(${output}.nothing) ? 'there' : 'none'`, 'none'],
    [`has(steps.skipped.output.offline) ? 1 : 0`, 0],
    [`timestamp(now) - timestamp(window.start) > duration('26h')`, true],
    [`'a,b'.split(',').join('-') + ' AB'.lowerAscii().trim().replace('a', 'x')`, 'a-bxb'],
    [`'%s of %d'.format(['2', 10])`, '2 of 10'],
    [`'abcdef'.substring(1, 3)`, 'bc'],
    [`round(1.005, 2)`, 1.01],
    [`round(-2.5, 0)`, -3],
    [`fixed(1234.5, 2) + ' USD'`, '1234.50 USD'],
    [`fixed(-0.001, 2)`, '0.00'],
    [`toJson(${output}.offline.map(i, i.name))`, '["gmail","drive"]'],
  ])('%s', (source, expected) => {
    expect(valueOf(source)).toEqual(expected);
  });

  test('the same list may be collected, nested and added to without changing the data', () => {
    const data = { list: [1, 2, 3] };
    const { evaluate } = compile('[list.map(x, x + 1), list + [4], list.map(x, list.filter(y, y < x)), list]');
    expect(evaluate(data)).toEqual([
      [2, 3, 4],
      [1, 2, 3, 4],
      [[], [1], [1, 2]],
      [1, 2, 3],
    ]);
    expect(data).toEqual({ list: [1, 2, 3] });
  });
});

describe('what expressions refuse', () => {
  test.each([
    [`${output}.count / 0`, 'division by zero'],
    [`1 / 0`, 'division by zero'],
    [`1 % 0`, 'division by zero'],
    [`1e308 * 10.0`, 'too large'],
    [`double('NaN') > 1.0`, "'NaN' is not a number"],
    [`double('Infinity')`, "'Infinity' is not a number"],
    [`${output}.nothing > 1`, '> does not work on null and a whole number'],
    [`${output}.count > '2'`, '> does not work on a number and a text'],
    [`'a' + 1`, '+ does not work on a text and a whole number'],
    [`!${output}.count`, '! does not work on a number'],
    [`true && 1`, 'need true or false, and this is a whole number'],
    [`${output}.offlin`, "no field 'offlin' exists"],
    [`${output}.offline.length > 0`, 'write size(…)'],
    [`steps.skipped.output.offline`, "no field 'offline' exists"],
    [`nope`, 'it contains an unknown name'],
    [`9007199254740993`, 'beyond 2^53'],
    [`timestamp(now)`, 'write string(…) around it'],
    [`b'abc'`, 'the result is bytes'],
    [`type(1)`, 'which is not JSON'],
    [`${output}.offline[7]`, 'no index 7 exists'],
    [`['a', 1].join()`, 'join works only on texts'],
    [`fixed(1.0, 13)`, 'from 0 to 12'],
  ])('%s', (source, reason) => {
    const failure = failureOf(() => valueOf(source));
    expect(failure.code).toBe('expression_failed');
    expect(failure.message).toContain(reason);
  });

  test.each([
    ['', 0, 'is empty'],
    ['a +', 3, ''],
    ['a === b', 3, 'write =='],
    ['a = b', 3, 'write == to compare'],
    ['a and b', 3, 'write && for "and"'],
    ["x == 'abc", 6, 'never closed'],
    ['size(a', 5, "'(' is never closed"],
    ['a]', 2, 'closes nothing'],
    ['(a]', 3, "the ')' that must close"],
    ['siez(a)', 1, "Did you mean 'size'?"],
    ['size(a, b)', 1, 'write size('],
    ['a.map(b)', 2, 'write list.map(x, …)'],
    ['google.protobuf.Struct{}', 1, 'only plain objects'],
  ])('%j is refused before it runs', (source, column, reason) => {
    const failure = failureOf(() => compile(source));
    expect(failure.code).toBe('expression_failed');
    expect(failure.message).toContain(reason);
    expect(failure.details).toMatchObject(column === 0 ? {} : { column });
  });

  test('the message shows the line and a caret below the place', () => {
    expect(failureOf(() => valueOf('1 +\n  steps.integrations.output.offlin')).message).toBe(
      [
        "The expression failed: no field 'offlin' exists; write has(…) to check for it.",
        '    steps.integrations.output.offlin',
        '                             ^',
      ].join('\n'),
    );
  });
});

describe('conditions', () => {
  test('a condition is true or false', () => {
    expect(evaluateCondition(compile(`size(${output}.offline) == 2`), scope)).toBe(true);
    expect(evaluateCondition(compile(`size(${output}.offline) == 3`), scope)).toBe(false);
  });

  test.each([`${output}.count`, `'yes'`, `${output}.nothing`, `${output}.offline`])('%s is no condition', (source) => {
    expect(failureOf(() => evaluateCondition(compile(source), scope)).message).toContain('must be true or false');
  });
});

describe('what an expression tells about itself', () => {
  test('it names the paths that it reads, without the variables of its loops', () => {
    const { names } = compile(
      `steps.a.output.list.map(i, i.name + inputs.x) == now || has(steps.b.failure) || steps['c'].output[0].d > i`,
    );
    expect(names).toEqual([
      ['steps', 'a', 'output', 'list'],
      ['inputs', 'x'],
      ['now'],
      ['steps', 'b', 'failure'],
      ['steps', 'c', 'output', 'd'],
      ['i'],
    ]);
  });

  test.each([
    ['a > 1', 'bool'],
    ['has(a.b)', 'bool'],
    ['a.exists_one(x, x > 1)', 'bool'],
    ['a.all(x, x > 1)', 'bool'],
    ['a.map(x, x)', 'list'],
    ['size(a) + 1', 'int'],
    ['size(a) / 2.0', 'double'],
    ["a ? 'x' : 'y'", 'text'],
    ["{'a': 1}", 'map'],
    ['a.b', 'unknown'],
    ['a + 1', 'unknown'],
  ])('%s is known to be %s', (source, type) => {
    expect(compile(source).type).toBe(type);
  });

  test('it knows that it drops a fraction', () => {
    expect(compile('size(a) / size(b) * 100').dividesWholeNumbers).toBe(true);
    expect(compile('a.total / size(b)').dividesWholeNumbers).toBe(false);
  });
});
