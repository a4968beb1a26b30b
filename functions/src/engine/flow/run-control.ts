import type { Failure } from '#core/failure.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { ControlStepType, Decision } from '#language/playbook/step-type.ts';
import type { StepPath } from '#language/playbook/step-path.ts';
import { completed, decided, failed, isDecided } from '../record/step-record.ts';
import type { DecidedStep } from '../record/step-schema.ts';
import type { Route } from '../record/step-trace.ts';
import { type Rest, stopped } from '../state/rest.ts';
import type { RunState } from '../state/run-state.ts';
import { rethrowIfOver, scopeFor } from '../step/read-back.ts';
import { blockNamed } from './recorded-steps.ts';
import { runBranches } from './run-branches.ts';
import { keptItems, runEach } from './run-each.ts';
import type { RunList } from './run-list.ts';
import { failedView, succeededView } from './step-views.ts';
import { failUnrun, placeOf } from './untried-steps.ts';

/** A control step that is about to run. */
export interface RunnableControl {
  readonly path: StepPath;
  readonly step: Step;
  readonly type: ControlStepType;
}

/** Decides what runs, records it so that a resumed execution takes the same way, and runs it. */
export async function runControlStep(control: RunnableControl, run: RunState, runList: RunList): Promise<Rest> {
  const record = await decideOnce(control, run);
  if (record.status === 'failed') return stopped({ path: control.path, failure: record.failure });
  run.progress();

  const rest = await runInside(control, record, run, runList);
  if (rest.kind === 'waits') return rest;
  const now = run.engine.clock.now();
  if (rest.kind === 'completed') {
    run.journal.put(completed(record, now));
  } else {
    run.journal.put(failed(record, rest.stop.failure, now));
    run.scope.set(control.step.id, failedView(rest.stop.failure));
  }
  run.progress();
  return rest;
}

function runInside(
  { path, step, type }: RunnableControl,
  { block, spread }: DecidedStep,
  run: RunState,
  runList: RunList,
): Promise<Rest> {
  if (spread === undefined) return runList(blockNamed(type, step, block), path, run);
  if (spread.kind === 'each')
    return runEach(path, { steps: blockNamed(type, step, spread.block), each: spread }, run, runList);
  const lists = spread.blocks.map((name) => blockNamed(type, step, name));
  return runBranches(
    lists.map((steps) => (branch) => runList(steps, path, branch)),
    spread.limit,
    run,
  );
}

/** What an earlier runner decided, or what is decided now and recorded; where that fails, the failed step. */
async function decideOnce(
  { path, step, type }: RunnableControl,
  run: RunState,
): Promise<DecidedStep | { readonly status: 'failed'; readonly failure: Failure }> {
  const recorded = run.journal.steps.get(path);
  if (recorded?.status === 'running' && isDecided(recorded)) return seen(recorded, run);
  const now = run.engine.clock.now();
  try {
    const sources = type.expressions(step).map(({ expression }) => expression);
    const scope = await scopeFor(sources, now, run);
    const decision = type.decide(step, (expression) => run.expressions.evaluate(expression, scope));
    const route = await routeOf(path, decision, run);
    const record = decided(placeOf(step, path, run), { output: decision.output, route }, now);
    run.journal.put(record);
    return seen(record, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return { status: 'failed', failure: failUnrun(step, path, run.toFailure(thrown), run) };
  }
}

/** What a decision says in the record: blocks by their names, items whole or by where they lie. */
async function routeOf(path: StepPath, { block, branches, each }: Decision, run: RunState): Promise<Route> {
  if (branches !== undefined)
    return { spread: { kind: 'branches', blocks: [...branches.blocks], limit: branches.limit } };
  if (each === undefined) return block === undefined ? {} : { block };
  const { limit, items } = each;
  const kept = await keptItems(path, items, run);
  return { spread: { kind: 'each', block: each.block, limit, count: items.length, items: kept } };
}

/** A decision, which later expressions see. */
function seen(record: DecidedStep, run: RunState): DecidedStep {
  run.scope.set(record.id, succeededView({ kind: 'value', value: record.attempts[0].output }));
  return record;
}
