import { expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import { parseTemplate } from './template.ts';

const ROUNDS = 4_000;
const MAX_MS = 250;
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_120);
const { compile } = await loadExpressions();

/** Mulberry32: the same seed gives the same expressions. */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = generator(seed);
const pick = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0];

function expression(depth: number): string {
  const inner = (): string => expression(depth - 1);
  if (depth <= 0)
    return pick(['1', '2.5', "'a'", 'true', 'null', '[]', '{}', 'a', 'b.c', 'list', 'x', '-3', "'é😀'", '1u']);
  return pick([
    () => `${inner()} ${pick(['+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'])} ${inner()}`,
    () => `${inner()} ? ${inner()} : ${inner()}`,
    () => `list.${pick(['map', 'filter', 'all', 'exists', 'exists_one'])}(x, ${inner()})`,
    () =>
      `(${inner()}).${pick(['size()', 'join()', "split('')", 'trim()', "replace('a', 'b')", 'c', "matches('a*')"])}`,
    () => `${pick(['size', 'string', 'int', 'double', 'toJson', 'has', 'type', 'timestamp'])}(${inner()})`,
    () => `round(${inner()}, ${inner()})`,
    () => `[${inner()}, ${inner()}][${inner()}]`,
    () => `{${inner()}: ${inner()}}`,
    () => `!${inner()}`,
  ])();
}

function broken(source: string): string {
  const at = Math.floor(random() * source.length);
  const noise = pick(['', '(', ')', "'", '"', '}}', '${{', '\\', '\n', '\0', '@', '.', '..', '// ', '\uD800', '?']);
  return source.slice(0, at) + noise + source.slice(at + Math.floor(random() * 3));
}

/** What is wrong with one round, if anything: it took long, yielded what is not JSON, or threw what is no expression failure. */
function wrongWith(source: string, act: () => unknown): readonly string[] {
  const startedAt = process.threadCpuUsage();
  const told = `seed ${seed}: ${JSON.stringify(source)}`;
  try {
    const json = JSON.stringify(act());
    if (/NaN|Infinity/.test(json)) return [`${told} yielded ${json}`];
  } catch (error) {
    if (!(error instanceof PlaybookError) || error.code !== 'expression_failed')
      return [`${told} threw ${String(error)}`];
  }
  const tookMs = process.threadCpuUsage(startedAt).user / 1_000;
  return tookMs > MAX_MS ? [`${told} took ${tookMs} ms of CPU time`] : [];
}

test(`${ROUNDS} random expressions yield JSON or a typed failure, soon (seed ${seed}, FUZZ_SEED sets another)`, () => {
  const scope = { a: 7, b: { c: 'text', d: null }, list: [1, 'two', null, { c: [3] }] };
  const wrong = Array.from({ length: ROUNDS }, () => {
    const whole = expression(1 + Math.floor(random() * 5));
    const source = random() < 0.4 ? broken(whole) : whole;
    return wrongWith(source, () => compile(source).evaluate(scope));
  });
  expect(wrong.flat()).toEqual([]);
});

test(`${ROUNDS} random texts are templates or a typed failure (seed ${seed})`, () => {
  const wrong = Array.from({ length: ROUNDS }, () => {
    const source = broken(`a \${{ b \${{ ${broken(expression(2))} }} c`);
    return wrongWith(source, () => parseTemplate(source));
  });
  expect(wrong.flat()).toEqual([]);
});
