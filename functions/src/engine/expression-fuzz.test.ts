import { expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import { PlaybookError } from './failure.ts';
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

/** Runs one round; what it throws beside an expression failure is a bug. */
function expectTyped(source: string, act: () => unknown): void {
  const startedMs = performance.now();
  try {
    const json = JSON.stringify(act());
    expect(json, source).not.toMatch(/NaN|Infinity/);
  } catch (error) {
    if (!(error instanceof PlaybookError) || error.code !== 'expression_failed') {
      throw new Error(`seed ${seed}: ${JSON.stringify(source)} threw ${String(error)}`, { cause: error });
    }
  }
  expect(performance.now() - startedMs, `seed ${seed}: ${source}`).toBeLessThan(MAX_MS);
}

test(`${ROUNDS} random expressions yield JSON or a typed failure, soon (seed ${seed}, FUZZ_SEED sets another)`, () => {
  const scope = { a: 7, b: { c: 'text', d: null }, list: [1, 'two', null, { c: [3] }] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const whole = expression(1 + Math.floor(random() * 5));
    const source = random() < 0.4 ? broken(whole) : whole;
    expectTyped(source, () => compile(source).evaluate(scope));
  }
});

test(`${ROUNDS} random texts are templates or a typed failure (seed ${seed})`, () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const source = broken(`a $\${{ b \${{ ${broken(expression(2))} }} c`);
    expectTyped(source, () => parseTemplate(source));
  }
});
