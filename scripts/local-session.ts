import { relative } from 'node:path';
import { systemClock } from '../functions/src/adapters/system-clock.ts';
import type { Execution } from '../functions/src/engine/execution.ts';
import { EXECUTIONS } from '../functions/src/records/executions.ts';
import { durationInWords } from '../functions/src/engine/duration.ts';
import { callRunner } from './call-runner.ts';
import type { ExitCode } from './command-line.ts';
import { hasSucceeded, runOnce, type Ran } from './run-once.ts';
import { keepSchedules, nextJob, type Delivered } from './local-scheduler.ts';
import type { LocalStack } from './local-stack.ts';
import { closerLook, deliveredLine, nextLine, outcomeTable, ranTable, reasonOf, stackTable } from './start-report.ts';
import type { Terminal } from './terminal.ts';
import { withoutCommands } from './text-layout.ts';

/** How long what is under way may take to end after Ctrl-C. */
const END_TIMEOUT_MS = 5_000;

/** What a session is to do. */
export interface SessionOptions {
  /** End after every playbook ran once. */
  readonly once: boolean;
  /** What the functions print was shown already. */
  readonly verbose: boolean;
  readonly dataDirectory: string;
}

/**
 * Runs every playbook once, says what happened, and keeps the schedules until `stop` aborts or the functions end by
 * themselves. Resolves to the exit code: with `once` 0 if all succeeded, otherwise 0 if it was stopped.
 */
export async function runSession(
  stack: LocalStack,
  options: SessionOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const { once, verbose, dataDirectory } = options;
  const earlier = await stack.documents.aggregate({ collection: EXECUTIONS });
  terminal.out(stackTable(stack, { dataDirectory, earlierExecutions: earlier.count }, terminal));

  const since = systemClock.now();
  const ran = await runAll(stack, since, terminal, stop);
  if (stop.aborted) return once ? 1 : 0;
  const executions = ran.flatMap((one): Execution[] => (one.kind === 'recorded' ? [one.execution] : []));
  terminal.out(`\n${ranTable(ran, terminal)}`);
  const outcomes = outcomeTable(executions, terminal);
  if (outcomes !== '') terminal.out(`\n${terminal.paint('bold', 'What people got')}\n${outcomes}`);

  const failed = ran.filter((one) => !hasSucceeded(one));
  for (const one of failed) terminal.error(`${terminal.paint('red', '✗')} ${reasonOf(one)}`);
  if (failed.length > 0 && !verbose) {
    terminal.error(`What the functions printed last:\n${stack.functions.lastLines() || '(nothing)'}`);
  }
  const environmentFile = shortest(stack.environmentFile, terminal.directory);
  const folder = shortest(dataDirectory, terminal.directory);
  const isUsual = folder === '.data';
  const demo = once ? undefined : { dataOption: isUsual ? '' : ` --data ${folder}` };
  terminal.out(`\n${terminal.paint('bold', 'Look closer, in another terminal')}`);
  terminal.out(closerLook(executions, { environmentFile, demo }, terminal));
  if (once) return failed.length === 0 && ran.length > 0 ? 0 : 1;
  if (stack.console !== undefined) terminal.out(`\n${terminal.paint('bold', 'Console')}  ${stack.console.url}`);
  return keep(stack, since, terminal, stop);
}

/** One after the other, in the order of their ids. */
async function runAll(stack: LocalStack, now: Date, terminal: Terminal, stop: AbortSignal): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  const jobs = await stack.jobs();
  if (jobs.length === 0) terminal.error('No playbook is enabled, so there is nothing to run.');
  for (const job of jobs) {
    if (stop.aborted) break;
    terminal.status(`Running ${withoutCommands(job.playbookName)}…`);
    ran.push(await runOnce(job, stack.documents, now));
  }
  terminal.status('');
  return ran;
}

/** A path as a person would type it. */
function shortest(path: string, directory: string): string {
  const fromHere = relative(directory, path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** Until `stop` aborts, or a server ends by itself. */
async function keep(stack: LocalStack, since: Date, terminal: Terminal, stop: AbortSignal): Promise<ExitCode> {
  const next = nextJob(await stack.jobs(), systemClock.now());
  terminal.out(`\nThe schedules are kept until Ctrl-C. ${next === undefined ? 'None is due.' : nextLine(next)}`);
  const over = new AbortController();
  const world = {
    clock: systemClock,
    jobs: () => stack.jobs(),
    call: callRunner,
    tell: (delivered: Delivered) => terminal.out(deliveredLine(delivered, terminal)),
  };
  const schedules = keepSchedules(world, since, AbortSignal.any([stop, over.signal]));
  const servers = Object.entries({ functions: stack.functions, console: stack.console });
  const ends = servers.flatMap(([name, server]) => server?.ended.then((words) => ({ name, words })) ?? []);
  const ended = await Promise.race([...ends, schedules.then(() => undefined), aborted(stop)]);
  over.abort();
  if (ended !== undefined) {
    const sign = terminal.paint('red', '✗');
    terminal.error(`${sign} The ${ended.name} ended without being asked to. The last words:\n${ended.words}`);
    return 1;
  }
  terminal.out('\nStopping…');
  if (!(await endsInTime(schedules))) {
    const waited = durationInWords(END_TIMEOUT_MS);
    terminal.error(
      `An execution that was still under way after ${waited} was cut off; the next delivery of its slot resumes it.`,
    );
  }
  return 0;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return undefined;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function endsInTime(schedules: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = systemClock.after(END_TIMEOUT_MS, () => resolve(false));
    schedules.then(() => resolve(true), reject).finally(cancel);
  });
}
