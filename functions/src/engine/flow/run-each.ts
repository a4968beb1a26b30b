import { z } from 'zod';
import { JsonValue, parseJson, type Json } from '#core/json.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { iterationOf, type StepPath } from '#language/playbook/step-path.ts';
import type { Spread } from '../record/step-trace.ts';
import type { Rest } from '../state/rest.ts';
import type { RunState } from '../state/run-state.ts';
import { MAX_INLINE_BYTES, MAX_ITERATION_STEPS_BYTES, takeInline } from '../step/payloads.ts';
import { runBranches } from './run-branches.ts';
import type { RunList } from './run-list.ts';

type Each = Extract<Spread, { readonly kind: 'each' }>;

const Items = z.array(JsonValue);

/**
 * Runs a list of steps once for each item, at most `limit` of them at a time. Each iteration has a document of its own for
 * its steps, and a scope in which they see `item` and `index`. Rests and throws like `runBranches`.
 */
export async function runEach(
  path: StepPath,
  { steps, each }: { readonly steps: readonly Step[]; readonly each: Each },
  run: RunState,
  runList: RunList,
): Promise<Rest> {
  const items = await itemsOf(each, run);
  return runBranches(
    items.map((item, index) => (branch) => {
      const iteration = iterationOf(path, index);
      const room = { stepsBytes: MAX_ITERATION_STEPS_BYTES, inlineBytes: run.journal.weight(iteration) };
      return runList(steps, iteration, { ...branch, room, scope: run.scope.inside({ item, index }) });
    }),
    each.limit,
    run,
  );
}

/** Stores the items of a decision: in the record if there is room, otherwise outside it. */
export async function keptItems(path: StepPath, items: readonly Json[], run: RunState): Promise<Each['items']> {
  const json = JSON.stringify(items);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_INLINE_BYTES && takeInline(bytes, run)) return { output: [...items] };
  return { outputRef: await unlessAborted(run.signal, run.engine.store.saveOutput(run.execution, `${path}[]`, json)) };
}

async function itemsOf({ items }: Each, run: RunState): Promise<readonly Json[]> {
  if ('output' in items) return items.output;
  return Items.parse(parseJson(await unlessAborted(run.signal, run.engine.store.loadOutput(items.outputRef))));
}
