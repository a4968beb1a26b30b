import { cut } from './cut.ts';
import type { CriterionResult } from './execution.ts';
import type { Json } from './json.ts';
import type { Step } from './playbook.ts';
import type { RunState, Stop } from './run-state.ts';

/** The path of the step that the engine adds; no written step can have it, since `$` is not allowed in an id. */
export const ALERT_PATH = '$alert';

/**
 * The step that tells people when a criterion is in its alert band or the execution failed, as the playbook's `alerts` say;
 * undefined when there is nothing to tell or nobody to be told. Nothing in it is a template any more.
 */
export function alertStep(
  run: Pick<RunState, 'playbook' | 'continuedFailure'>,
  stop: Stop | undefined,
  criteria: readonly CriterionResult[],
): Step | undefined {
  const { alerts, name } = run.playbook;
  const alerting = criteria.filter((criterion) => criterion.band === 'alert');
  const cause = stop ?? run.continuedFailure;
  if (alerts === undefined || (alerting.length === 0 && cause === undefined)) return undefined;

  const subject = cause === undefined ? `${name}: ${alerting.map(labelOf).join(', ')}` : `${name} failed`;
  const lines = [
    ...(cause === undefined
      ? []
      : [`${cause.path === null ? 'It' : `The step **${cause.path}**`} failed: ${cause.failure.message}`, '']),
    ...alerting.map((criterion) => `- **${labelOf(criterion)}**: ${measured(criterion)}`),
  ];
  return {
    id: ALERT_PATH,
    name: 'Alert',
    type: 'notify',
    channels: alerts.channels,
    ...(alerts.to === undefined ? {} : { to: alerts.to }),
    priority: alerts.priority,
    subject: literal(cut(subject, 180)),
    body: literal(lines.join('\n')),
  };
}

function labelOf(criterion: CriterionResult): string {
  return criterion.name ?? criterion.id;
}

function measured(criterion: CriterionResult): string {
  return `${shown(criterion.value)}${criterion.unit === undefined ? '' : ` ${criterion.unit}`}`;
}

function shown(value: Json): string {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Measured values may hold anything, a template too; it stays text. `$$` in a replacement would mean one `$`. */
function literal(text: string): string {
  return text.replaceAll('${{', () => '$${{');
}
