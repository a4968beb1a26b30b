import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { importsOf, sourceFiles } from '../architecture/import-graph.ts';

/** A test file that could name a bug. */
export interface NearTest {
  readonly file: string;
  /** 0 for the test of the same name, 1 for one in the same folder, then the number of imports in between, plus 1. */
  readonly distance: number;
}

interface Edge {
  readonly from: string;
  readonly target: string;
}

/** Which tests reach a file, nearest first. */
export type TestsNear = (file: string) => readonly NearTest[];

/**
 * Reads what every file of the project imports, except for types only. A file also reaches one that it names in a
 * text (`'commands/start.ts'`), because it probably runs it in another process.
 */
export function testsNear(root: string): TestsNear {
  const files = sourceFiles(root);
  const imports = importsOf(root, files).filter(({ isPackage, typesOnly }) => !isPackage && !typesOnly);
  const texts = files.flatMap((file) => namedIn(file, readFileSync(join(root, file), 'utf8'), files));
  const edges = Map.groupBy<string, Edge>([...imports, ...texts], ({ target }) => target);
  const tests = files.filter((file) => /\.test\.tsx?$/.test(file));
  return (file) => nearest(file, tests, stepsTo(file, edges));
}

/** The project's files that a text names by the end of their path; the highest one if several match. */
function namedIn(from: string, text: string, files: readonly string[]): readonly Edge[] {
  const names = new Set(Array.from(text.matchAll(/'([\w./-]+\.tsx?)'/g), ([, name = '']) => name.replace(/^\.\//, '')));
  return [...names].flatMap((name) => {
    const matching = files.filter((file) => file === name || file.endsWith(`/${name}`));
    const target = matching.toSorted((a, b) => a.split('/').length - b.split('/').length)[0];
    return target === undefined || target === from ? [] : [{ from, target }];
  });
}

/** The number of imports between each file and `target`. */
function stepsTo(target: string, edges: ReadonlyMap<string, readonly Edge[]>): ReadonlyMap<string, number> {
  const steps = new Map([[target, 0]]);
  for (const [file, count] of steps) {
    for (const { from } of edges.get(file) ?? []) {
      if (!steps.has(from)) steps.set(from, count + 1);
    }
  }
  return steps;
}

function nearest(file: string, tests: readonly string[], steps: ReadonlyMap<string, number>): readonly NearTest[] {
  return tests
    .map((test) => ({ file: test, distance: distanceOf(test, file, steps.get(test) ?? Infinity) }))
    .filter(({ distance }) => distance < Infinity)
    .toSorted((a, b) => a.distance - b.distance);
}

function distanceOf(test: string, file: string, steps: number): number {
  const isNeighbour = dirname(test) === dirname(file);
  const name = basename(file).replace(/\.tsx?$/, '');
  if (isNeighbour && basename(test).startsWith(`${name}.`)) return 0;
  return isNeighbour && steps < Infinity ? 1 : steps + 1;
}
