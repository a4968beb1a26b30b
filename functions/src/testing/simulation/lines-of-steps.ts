import type { Playbook, Step } from '#language/playbook/playbook.ts';
import type { StepType } from '#language/playbook/step-type.ts';
import { segmentsOf } from '#language/playbook/step-path.ts';

/** Tells of two steps whether they stand in one line: one runs only after the other, or inside it. */
export interface StepLines {
  /** The line of a step: the branches and iterations that it is in, outermost first. */
  lineOf(path: string): string;
}

/** The lines of a playbook. Steps of the alert, which are in none of its lists, stand in the line of the top level. */
export function stepLines({ steps }: Pick<Playbook, 'steps'>, types: ReadonlyMap<string, StepType>): StepLines {
  const branches = new Map<string, string>();
  const mark = (list: readonly Step[]): void => {
    for (const step of list) {
      const type = types.get(step.type);
      if (type?.kind !== 'control') continue;
      for (const block of type.blocks(step)) {
        if (type.runs === 'all') for (const { id } of block.steps) branches.set(id, `${step.id}/${block.name}`);
        mark(block.steps);
      }
    }
  };
  mark(steps);
  return {
    lineOf: (path) =>
      segmentsOf(path)
        .flatMap(({ id, iteration }) => [
          ...(branches.has(id) ? [`${branches.get(id)}`] : []),
          ...(iteration === undefined ? [] : [`${id}[${iteration}]`]),
        ])
        .map((part) => `/${part}`)
        .join(''),
  };
}

/** Whether of two lines one is inside the other, or they are the same. */
export function areInLine(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
