import { z } from 'zod';
import type { ExecutionChanges } from '#engine/record/execution-store.ts';
import { documentOf } from '#engine/record/iterations.ts';
import { StepRecord } from '#engine/record/step-schema.ts';
import type { Documents, StoredDocument, Write } from '#ports/documents/documents.ts';
import { toDocument } from '../store/document-json.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { RECORD_FORMAT } from '../store/record-format.ts';

const ITEMS = 'playbook_items';

/** The steps of one iteration: `playbook_executions/{id}/playbook_items/each[3]`, by path. */
const Iteration = z.object({ steps: z.record(z.string(), StepRecord) });

/** The changed steps of iterations, each in the document of its iteration. */
export function iterationWrites(
  executionPath: string,
  { steps, expireAt }: Pick<ExecutionChanges, 'steps' | 'expireAt'>,
): readonly Write[] {
  const byIteration = Map.groupBy(steps.values(), ({ path }) => documentOf(path));
  return [...byIteration].flatMap(([iteration, changed]): readonly Write[] => {
    if (iteration === undefined) return [];
    const told = { format: RECORD_FORMAT, expireAt };
    const changes = [
      ...Object.entries(told).map(([name, value]) => ({ field: [name], value })),
      ...changed.map((step) => ({ field: ['steps', step.path], value: toDocument(step, 2) })),
    ];
    return [{ kind: 'merge', path: `${executionPath}/${ITEMS}/${iteration}`, changes }];
  });
}

/** The steps of all iterations of an execution, by path, in one query. Throws `unavailable`, and `internal` if damaged. */
export async function readIterations(
  documents: Pick<Documents, 'query'>,
  executionPath: string,
): Promise<ReadonlyMap<string, StepRecord>> {
  const found = await reachable(documents.query({ collection: `${executionPath}/${ITEMS}` }));
  return new Map(found.flatMap((stored) => Object.entries(iterationSteps(stored))));
}

/** The steps in the document of an iteration, by path. Throws `internal` if it is damaged. */
export function iterationSteps(stored: StoredDocument): Readonly<Record<string, StepRecord>> {
  return parsedRecord(Iteration, stored).steps;
}
