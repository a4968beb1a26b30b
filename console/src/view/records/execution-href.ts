import { hrefOf } from '../elements/href-of.ts';

/** The page of an execution, or what lies below it. */
export function executionHref(id: string, below = ''): string {
  return `/executions/${encodeURIComponent(id)}${below}`;
}

/** The page of an execution with one of its steps, and perhaps one of the step's attempts, opened. */
export function stepHref(id: string, path: string, attempt?: number): string {
  return `${hrefOf(executionHref(id), { step: path, attempt: attempt?.toString() })}#step`;
}
