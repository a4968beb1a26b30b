import { cut } from '#core/cut.ts';
import type { CriterionResult } from './record/execution.ts';
import { measuredInWords } from '#core/measured-words.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { stepPath } from '#language/playbook/step-path.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import type { RunState, Stop } from './state/run-state.ts';
import type { ActionStepType, StepType } from '#language/playbook/step-type.ts';

/** The path of the step that the engine adds; no written step can have it, since `$` is not allowed in an id. */
export const ALERT_PATH = stepPath('$alert');
/** What people read instead of that path. */
export const ALERT_NAME = 'Alert';
/** The path of the step that tells on the dashboard alone, after the alert itself lost its runners. */
const DASHBOARD_ALERT_PATH = '$alert_dashboard';

/** Whether a step is one that the engine added to tell people. */
export function isAlertPath(path: string): boolean {
  return path === ALERT_PATH || path === DASHBOARD_ALERT_PATH;
}

/** Why the alert reached no one: every runner that delivered it vanished. */
export function brokenAlert({ journal }: Pick<RunState, 'journal'>): Stop | undefined {
  const alert = journal.steps.get(ALERT_PATH);
  if (alert?.status !== 'failed' || alert.failure.code !== 'interrupted') return undefined;
  return { path: ALERT_PATH, failure: alert.failure };
}

/**
 * The step that tells people when a criterion is in its alert band or the execution failed, as the playbook's `alerts` say;
 * undefined when there is no cause, no recipient, or no step type that notifies. It contains no templates.
 */
export function alertStep(
  run: Pick<RunState, 'playbook' | 'tally' | 'journal' | 'engine'>,
  stop: Stop | undefined,
  criteria: readonly CriterionResult[],
): Step | undefined {
  const { alerts } = run.playbook;
  const alerting = criteria.filter((criterion) => criterion.band === 'alert');
  const cause = stop ?? run.tally.continuedFailure;
  const telling = tellingType(run.engine.stepTypes.values());
  if (alerts === undefined || telling === undefined || (alerting.length === 0 && cause === undefined)) return undefined;

  // What lost its runners is not tried again; the inside is a write to our own database.
  const onlyInside = brokenAlert(run) !== undefined;
  return {
    ...(onlyInside
      ? { id: DASHBOARD_ALERT_PATH, name: 'Alert on the dashboard' }
      : { id: ALERT_PATH, name: ALERT_NAME }),
    type: telling.type,
    ...telling.alertFields({ ...alerts, ...wordsOf(run, cause, alerting), onlyInside }),
  };
}

type TellingStepType = ActionStepType & Required<Pick<ActionStepType, 'alertFields'>>;

function tellingType(stepTypes: Iterable<StepType>): TellingStepType | undefined {
  for (const stepType of stepTypes) if (stepType.kind === 'action' && tells(stepType)) return stepType;
  return undefined;
}

function tells(stepType: ActionStepType): stepType is TellingStepType {
  return stepType.alertFields !== undefined;
}

type Run = Pick<RunState, 'playbook' | 'engine'>;

function wordsOf(run: Run, cause: Stop | undefined, alerting: readonly CriterionResult[]) {
  const { name } = run.playbook;
  const subject = cause === undefined ? `${name}: ${alerting.map(labelOf).join(', ')}` : `${name} failed`;
  const lines = [
    ...(cause === undefined
      ? []
      : [
          `${cause.path === null ? 'It' : `The step ${stepInWords(run, cause.path)}`} failed: ${cause.failure.message}`,
          '',
        ]),
    ...alerting.map((criterion) => `- **${labelOf(criterion)}**: ${measuredInWords(criterion.value, criterion.unit)}`),
  ];
  return { subject: literal(cut(subject, 180)), body: literal(lines.join('\n')) };
}

/** Its name, with its path behind it; only the path where it has no name. */
function stepInWords({ playbook, engine }: Run, path: string): string {
  const name = allSteps(playbook.steps, engine.stepTypes).find((placed) => placed.path === path)?.step.name;
  return name === undefined ? `**${path}**` : `**${name}** (${path})`;
}

function labelOf(criterion: CriterionResult): string {
  return criterion.name ?? criterion.id;
}

/** Measured values may hold anything, a template too; it stays text. `$$` in a replacement would mean one `$`. */
function literal(text: string): string {
  return text.replaceAll('${{', () => '$${{');
}
