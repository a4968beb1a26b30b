import { durationMs } from '#core/duration.ts';
import type { Expressions } from '../expressions/expressions.ts';
import { inputProblems } from './inputs.ts';
import type { LintProblem } from '../playbook/definition-problem.ts';
import { checkExpression } from './expressions.ts';
import type { VisibleNames } from './visible-names.ts';
import { messageProblems, type LintCatalog } from './references.ts';
import { lintSteps } from './steps.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { checkSchedule, scheduleWarnings } from '../playbook/schedule.ts';

/**
 * Cloud Scheduler waits 30 minutes for an answer, which is also the function's time limit; recording the result and
 * sending alerts must fit in too.
 */
const MAX_DEADLINE = '28m';
/** Words that suggest local time to a reader while the schedule uses UTC. */
const LOCAL_TIME =
  /\b(E[SD]T|C[SD]T|M[SD]T|P[SD]T|CES?T|BST|NZ[SD]T|AE[SD]T|\d{1,2}(:\d\d)?\s?[ap]\.?m|local time|New York|Chicago|Denver|Los Angeles|London|Berlin|Paris|Auckland|Sydney|Tokyo)\b/i;

/**
 * Problems of a playbook that fits its schema, as far as they can be found without running it. Covers names and order
 * of steps, expressions and templates, catalog names used by steps, the schedule and its times.
 */
export function lintPlaybook(
  playbook: Playbook,
  catalog: LintCatalog,
  expressions: Pick<Expressions, 'compile'>,
): readonly LintProblem[] {
  const { problems, visible } = lintSteps(playbook, catalog, expressions);
  return [
    ...idProblems(playbook),
    ...inputProblems(playbook),
    ...problems,
    ...scheduleProblems(playbook),
    ...deadlineProblems(playbook),
    ...criteriaProblems(playbook, visible, expressions),
    ...alertProblems(playbook, catalog),
  ];
}

/** The id of an execution contains the playbook and whether it was started manually: no two playbooks may share one. */
function idProblems({ id }: Playbook): readonly LintProblem[] {
  if (!/_manual(_|$)/.test(id)) return [];
  const message =
    "An id must not contain '_manual': its executions would be mistaken for manual executions of another playbook.";
  return [{ path: ['id'], message }];
}

function scheduleProblems({ schedule, name, description }: Playbook): readonly LintProblem[] {
  if (schedule === undefined) return [];
  const refused = checkSchedule(schedule);
  const problems = [
    ...refused.map(({ field, ...problem }): LintProblem => ({ path: ['schedule', field], ...problem })),
    ...(refused.some(({ field }) => field === 'cron') ? [] : scheduleWarnings(schedule)).map(
      ({ field, ...problem }): LintProblem => ({ path: ['schedule', field], ...problem, severity: 'warning' }),
    ),
  ];
  const spoken = LOCAL_TIME.exec(`${name}\n${description ?? ''}`)?.[0];
  if (schedule.timeZone !== 'UTC' || spoken === undefined) return problems;
  const mismatch = {
    path: ['schedule', 'timeZone'],
    message: `The schedule uses UTC, but the name or description mentions local time ('${spoken}'); in summer the two differ.`,
    suggestion: `Set the intended zone, like 'America/New_York', and write the local time in the cron.`,
  };
  return [...problems, mismatch];
}

function deadlineProblems({ deadline, expectedDuration }: Playbook): readonly LintProblem[] {
  const problems: LintProblem[] = [];
  if (durationMs(deadline) > durationMs(MAX_DEADLINE)) {
    problems.push({
      path: ['deadline'],
      message:
        `The deadline ${deadline} is longer than ${MAX_DEADLINE}. Calls of Cloud Scheduler and the function end after 30m, ` +
        `and the deadline must leave time to record the result and send alerts.`,
      suggestion: `Write ${MAX_DEADLINE} or less.`,
    });
  }
  if (expectedDuration !== undefined && durationMs(expectedDuration) > durationMs(deadline)) {
    problems.push({
      path: ['expectedDuration'],
      message: `An execution is expected to take ${expectedDuration}, but its deadline is ${deadline}.`,
      suggestion: 'Raise the deadline, or lower expectedDuration.',
    });
  }
  return problems;
}

function criteriaProblems(
  { criteria = [] }: Playbook,
  visible: VisibleNames,
  expressions: Pick<Expressions, 'compile'>,
): readonly LintProblem[] {
  const withValue = { ...visible, extra: ['value'] };
  const ids = criteria.map(({ id }) => id);
  return criteria.flatMap(({ id, value, ok, alert }, index) => [
    ...(ids.indexOf(id) < index
      ? [{ path: ['criteria', index, 'id'], message: `An earlier criterion also has the id '${id}'.` }]
      : []),
    ...checkExpression({ path: ['criteria', index, 'value'], source: value, condition: false }, visible, expressions),
    ...checkExpression({ path: ['criteria', index, 'ok'], source: ok, condition: true }, withValue, expressions),
    ...checkExpression({ path: ['criteria', index, 'alert'], source: alert, condition: true }, withValue, expressions),
  ]);
}

function alertProblems({ alerts }: Playbook, catalog: LintCatalog): readonly LintProblem[] {
  if (alerts === undefined) return [];
  return messageProblems(
    { value: alerts.channels, path: ['alerts', 'channels'] },
    { value: alerts.to, path: ['alerts', 'to'] },
    catalog,
  );
}
