import { type DefinitionPath, valueAt } from '../engine/lint-problem.ts';
import { Playbook } from '../engine/playbook.ts';
import { schemaProblems } from '../engine/schema-problems.ts';

const MAX_ROUNDS = 5;

/**
 * The playbook without the fields that its schema refuses, so that the rest can be looked at as well and all problems of a
 * file come at once; `undefined` where too little is left. For checking only, never for running.
 */
export function lintablePlaybook(value: unknown): Playbook | undefined {
  const rest: unknown = structuredClone(value);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const read = Playbook.safeParse(rest);
    if (read.success) return read.data;
    for (const { path } of schemaProblems(Playbook, rest)) {
      const there = valueAt(rest, path) === undefined ? path.slice(0, -1) : path;
      if (!remove(rest, there)) return undefined;
    }
  }
  return undefined;
}

/** Items of lists stay, because the paths of the others would change. */
function remove(value: unknown, path: DefinitionPath): boolean {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof key !== 'string' || typeof parent !== 'object' || parent === null) return false;
  return Reflect.deleteProperty(parent, key);
}
