import { z } from 'zod';

const Ended = z.looseObject({
  steps: z.record(
    z.string(),
    z.looseObject({ status: z.string(), attempts: z.array(z.unknown()), block: z.unknown().optional() }),
  ),
  status: z.literal('failed'),
  results: z.strictObject({}),
});

/**
 * The record of an execution with its shortened steps marked as such. The first versions did not mark them: where the
 * database had refused the full record, its steps have no attempts, and it has no results.
 */
export function withShortSteps(record: unknown): unknown {
  const ended = Ended.safeParse(record).data;
  const told = Object.values(ended?.steps ?? {});
  const isWhole = told.every(({ status, block }) => status !== 'succeeded' && block === undefined);
  if (ended === undefined || isWhole || told.some(({ attempts }) => attempts.length > 0)) return record;
  const steps = Object.entries(ended.steps).map(([path, step]) => [path, saidShort(step)] as const);
  return { ...ended, steps: Object.fromEntries(steps) };
}

function saidShort<Step extends { readonly status: string }>(step: Step): Step {
  return ['succeeded', 'failed'].includes(step.status) ? { ...step, shortened: true } : step;
}
