import type { Step } from './playbook.ts';

/**
 * Where a step stands in an execution: the ids of the steps around it, then its own, each with the number of the
 * iteration it is in: `any_offline.alert`, `each[3].send`. It is the step's key in the record, its part of the
 * idempotency key, and the name of what the step leaves behind.
 */
export type StepPath = string & { readonly [isStepPath]: true };
declare const isStepPath: unique symbol;

/** One step on the way to another. */
export interface PathSegment {
  readonly id: string;
  /** Which of its iterations leads on, from 0; undefined where it has none. */
  readonly iteration: number | undefined;
}

const SEGMENT = /^(\$?[A-Za-z_][\w-]*)(?:\[(\d{1,6})\])?$/;

/** Whether a text is a step path. Ids hold neither `.` nor `[`, so that a path is read in one way only. */
export function isPath(text: string): text is StepPath {
  return text.split('.').every((segment) => SEGMENT.test(segment));
}

/** The path that a text says. Throws `TypeError` for a text that is none. */
export function stepPath(text: string): StepPath {
  if (isPath(text)) return text;
  throw new TypeError(`${JSON.stringify(text)} is not the path of a step.`);
}

/** The path of a step inside another, or in one of its iterations; at the top level where there is no other. */
export function pathOf(parent: StepPath | undefined, { id }: Pick<Step, 'id'>): StepPath {
  return stepPath(parent === undefined ? id : `${parent}.${id}`);
}

/** Where the steps of one iteration of a step stand: `each[3]`. */
export function iterationOf(path: StepPath, index: number): StepPath {
  return stepPath(`${path}[${index}]`);
}

/** The steps on the way to a step, itself last. */
export function segmentsOf(path: string): readonly PathSegment[] {
  return path.split('.').map((segment) => {
    const [, id = segment, index] = SEGMENT.exec(segment) ?? [];
    return { id, iteration: index === undefined ? undefined : Number(index) };
  });
}

/** The nesting depth of a step: 0 at the top level, 1 inside a top-level step. */
export function depthOf(path: string): number {
  return segmentsOf(path).length - 1;
}

/** The innermost iteration that a step is in: `each[3]` of `each[3].send`; undefined outside of every one. */
export function iterationAround(path: StepPath): StepPath | undefined {
  const end = path.lastIndexOf(']');
  return end < 0 ? undefined : stepPath(path.slice(0, end + 1));
}
