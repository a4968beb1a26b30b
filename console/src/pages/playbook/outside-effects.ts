import type { Playbook, Step } from '#language/playbook/playbook.ts';
import type { People } from '#language/settings/people.ts';
import type { Catalog } from '#functions/catalog.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import { messageWords } from '#steps/outside-words.ts';
import type { NamedByStep } from '#steps/definition/step-view.ts';

/** One thing that an execution may do to the world outside, in words. */
export interface OutsideEffect {
  readonly words: string;
  /** When it happens: `In “Draft the mails”`; `May happen in …` where that depends on what the execution finds. */
  readonly when: string;
}

interface Known extends NamedByStep {
  readonly types: ReadonlyMap<string, AnyStepDefinition>;
}

/**
 * The effects of a playbook's steps on the outside world, in the order of the playbook: messages and who gets them, threads,
 * calls that change something, model calls. Read from the definition: what an expression decides is marked as such.
 */
export function outsideEffects(
  { steps, alerts }: Playbook,
  roles: People['roles'],
  { stepTypes, tools, channels }: Catalog,
): readonly OutsideEffect[] {
  const types = new Map(stepTypes.map((stepType) => [stepType.type, stepType]));
  const effects = effectsOf(steps, { types, tools, channels, roles }, false);
  if (alerts === undefined) return effects;
  const told = messageWords(alerts.channels, alerts.to ?? [], { tools, channels, roles });
  return [...effects, ...told.map((words) => ({ words, when: 'If it fails or a criterion is in its alert band' }))];
}

function effectsOf(steps: readonly Step[], known: Known, perhaps: boolean): readonly OutsideEffect[] {
  return steps.flatMap((step) => {
    const type = known.types.get(step.type);
    const mayBeSkipped = perhaps || mayBeSkippedItself(step, type);
    const when = `${mayBeSkipped ? 'May happen in' : 'In'} “${step.name ?? step.id}”`;
    const own = wordsOf(step, type, known).map((words) => ({ words, when }));
    return [...own, ...blocksOf(step, type).flatMap((nested) => effectsOf(nested, known, true))];
  });
}

/** A control step may decide by its `if`; then that skips nothing of its own. */
function mayBeSkippedItself(step: Step, type: AnyStepDefinition | undefined): boolean {
  if (step.if === undefined) return false;
  return type?.kind !== 'control' || type.expressions(step).every(({ field }) => field !== 'if');
}

function blocksOf(step: Step, type: AnyStepDefinition | undefined): readonly (readonly Step[])[] {
  try {
    return type?.kind === 'control' ? type.blocks(step).map((block) => block.steps) : [];
  } catch {
    // Such a playbook does not run.
    return [];
  }
}

function wordsOf(step: Step, type: AnyStepDefinition | undefined, known: Known): readonly string[] {
  if (type?.kind === 'control') return [];
  if (type?.outsideEffects !== undefined) return type.outsideEffects(step, known);
  return hasEffect(step, type, known) ? [`The effect of a step of type ${step.type}`] : [];
}

function hasEffect(step: Step, type: Exclude<AnyStepDefinition, { kind: 'control' }> | undefined, known: Known) {
  try {
    return type === undefined || type.effect(step, known) !== 'none';
  } catch {
    return true;
  }
}
