import { iterationAround, isPath, type StepPath } from '#language/playbook/step-path.ts';
import type { StepRecord } from './step-schema.ts';

/** The iteration whose document keeps a step; undefined for those that the record of the execution keeps. */
export function documentOf(path: string): StepPath | undefined {
  // Most executions have none, and each write asks for every step.
  return path.includes('[') && isPath(path) ? iterationAround(path) : undefined;
}

/** The steps that the record of the execution keeps: all but those of iterations. */
export function recordedSteps<One extends Pick<StepRecord, 'path'>>(steps: Iterable<One>): One[] {
  return [...steps].filter(({ path }) => documentOf(path) === undefined);
}

/** The steps that documents of iterations keep. */
export function iterationSteps<One extends Pick<StepRecord, 'path'>>(steps: Iterable<One>): One[] {
  return [...steps].filter(({ path }) => documentOf(path) !== undefined);
}
