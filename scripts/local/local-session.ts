import { relative } from 'node:path';
import { systemClock } from '#adapters/system-clock.ts';
import { isEnded, type Execution } from '#engine/record/execution.ts';
import { durationInWords } from '#core/duration.ts';
import { recentExecutions } from '#records/executions/execution-queries.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import type { ExitCode } from '../terminal/command-line.ts';
import { executionFollower, type ExecutionFollower } from './execution-follower.ts';
import { historyHint } from './demo-history.ts';
import { firstRound } from './first-round.ts';
import { hasSucceeded, type Ran } from './run-once.ts';
import { keepSchedules, nextJob } from './local-scheduler.ts';
import type { LocalStack } from './local-stack.ts';
import { newsLine, nextLine, unfinishedLine } from './schedule-report.ts';
import { closerLook, outcomeTable, reasonOf, stackTable } from './start-report.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** How long after Ctrl-C running executions may take to end. */
const END_TIMEOUT_MS = 5_000;
const MOST_UNFINISHED = 100;

/** What a session does. */
export interface SessionOptions {
  /** End after every playbook has run once. */
  readonly once: boolean;
  /** Whether the output of the functions was already shown. */
  readonly verbose: boolean;
  readonly dataDirectory: string;
  /** Whether to say how the company gets a past. */
  readonly offersHistory: boolean;
}

/**
 * Runs every playbook once, prints the results, and keeps the schedules until `stop` aborts or a server ends by itself;
 * meanwhile, executions that an earlier session left are resumed. Resolves to the exit code: with `once`, 0 if all
 * succeeded; otherwise 0 if it was stopped.
 */
export async function runSession(
  stack: LocalStack,
  options: SessionOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const since = systemClock.now();
  const earlier = await stack.documents.aggregate({ collection: EXECUTIONS });
  terminal.out(stackTable(stack, { dataDirectory: options.dataDirectory, earlierExecutions: earlier.count }, terminal));
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  const follower = executionFollower(stack, terminal, until);
  await resume(stack, options, follower, terminal);

  const schedules = options.once ? undefined : keepAll(stack, { since, follower, terminal, until });
  const work = Promise.all([runAll(stack, options, { follower, terminal, until }), schedules]);
  const first = await Promise.race([...serverEnds(stack), work, aborted(stop)]);
  over.abort();
  if (first !== undefined && 'words' in first) return sayEnded(first, terminal);
  if (first !== undefined) return first[0];
  terminal.out('\nStopping…');
  await endInTime(Promise.all([work, follower.ended()]), terminal);
  return options.once ? 1 : 0;
}

interface ServerEnd {
  readonly name: string;
  readonly words: string;
}

function serverEnds({ functions, console }: LocalStack): readonly Promise<ServerEnd>[] {
  const servers = Object.entries({ functions, console });
  return servers.flatMap(([name, server]) => server?.ended.then((words) => ({ name, words })) ?? []);
}

function sayEnded({ name, words }: ServerEnd, terminal: Terminal): ExitCode {
  const sign = terminal.paint('red', '✗');
  terminal.error(`${sign} The ${name} ended unexpectedly. Its last output:\n${words}`);
  return 1;
}

/** Continues what an earlier session began. */
async function resume(
  { documents }: LocalStack,
  { once }: SessionOptions,
  follower: ExecutionFollower,
  terminal: Terminal,
): Promise<void> {
  const { executions } = await recentExecutions(documents, { status: 'running', limit: MOST_UNFINISHED });
  if (executions.length === 0) return;
  terminal.out(unfinishedLine(executions, once, terminal));
  if (!once) for (const { id } of executions) follower.follow(id);
}

interface Surroundings {
  readonly follower: ExecutionFollower;
  readonly terminal: Terminal;
  readonly until: AbortSignal;
}

function keepAll(stack: LocalStack, { since, follower, terminal, until }: Surroundings & { since: Date }) {
  return keepSchedules(
    {
      clock: systemClock,
      jobs: () => stack.jobs(),
      call: ({ playbookId, name }, slot) => stack.call(playbookId, { kind: 'schedule', slot, jobName: name }),
      tell(news) {
        terminal.out(newsLine(news, terminal));
        if (news.kind === 'answered' && news.answer.httpStatus === 202) follower.follow(news.answer.executionId);
      },
    },
    since,
    until,
  );
}

/** The first round, its results, and what comes next. */
async function runAll(stack: LocalStack, options: SessionOptions, around: Surroundings): Promise<ExitCode> {
  const { follower, terminal, until } = around;
  const jobs = await stack.jobs();
  if (until.aborted) return 1;
  if (jobs.length === 0) terminal.error('No playbook is enabled, so nothing is run.');
  else terminal.out('\nRunning each playbook once:');
  const ran = await firstRound(jobs, stack, terminal, until);
  if (until.aborted) return 1;
  printRan(ran, stack, options, terminal);
  if (options.once) return ran.length > 0 && ran.every(hasSucceeded) ? 0 : 1;
  for (const one of ran) {
    if (one.kind === 'recorded' && !isEnded(one.execution)) follower.follow(one.execution.id);
  }
  if (stack.console !== undefined) terminal.out(`\n${terminal.paint('bold', 'Console')}  ${stack.console.url}`);
  const next = nextJob(await stack.jobs(), systemClock.now());
  terminal.out(`\nKeeping the schedules until Ctrl-C. ${next === undefined ? 'No playbook has one.' : nextLine(next)}`);
  return 0;
}

function printRan(ran: readonly Ran[], stack: LocalStack, options: SessionOptions, terminal: Terminal): void {
  const { verbose } = options;
  const executions = ran.flatMap((one): Execution[] => (one.kind === 'recorded' ? [one.execution] : []));
  const outcomes = outcomeTable(executions, terminal);
  if (outcomes !== '') terminal.out(`\n${terminal.paint('bold', 'Messages and threads')}\n${outcomes}`);
  const failed = ran.filter((one) => !hasSucceeded(one));
  for (const one of failed) terminal.error(`${terminal.paint('red', '✗')} ${reasonOf(one)}`);
  if (failed.length > 0 && !verbose) {
    terminal.error(`The last output of the functions:\n${stack.functions.lastLines() || '(nothing)'}`);
  }
  printHints(executions, stack, options, terminal);
}

function printHints(
  executions: readonly Execution[],
  stack: LocalStack,
  { once, dataDirectory, offersHistory }: SessionOptions,
  terminal: Terminal,
): void {
  const environmentFile = shortest(stack.environmentFile, terminal.directory);
  const folder = shortest(dataDirectory, terminal.directory);
  const dataOption = folder === '.data' ? '' : ` --data ${folder}`;
  terminal.out(`\n${terminal.paint('bold', once ? 'To see more' : 'To see more, in another terminal')}`);
  terminal.out(closerLook(executions, { environmentFile, demo: once ? undefined : { dataOption } }, terminal));
  if (offersHistory) terminal.out(`\n${historyHint(dataOption)}`);
}

/** A path as a person would type it. */
function shortest(path: string, directory: string): string {
  const fromHere = relative(directory, path);
  return fromHere.startsWith('..') ? path : fromHere;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return undefined;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Waits for what is under way, within a limit, and says what it then cuts off. */
async function endInTime(work: Promise<unknown>, terminal: Terminal): Promise<void> {
  const hasEnded = await new Promise<boolean>((resolve, reject) => {
    const cancel = systemClock.after(END_TIMEOUT_MS, () => resolve(false));
    work.then(() => resolve(true), reject).finally(cancel);
  });
  if (hasEnded) return;
  const waited = durationInWords(END_TIMEOUT_MS);
  terminal.error(`Executions still running after ${waited} were cut off; the next npm start resumes them.`);
}
