import { randomUUID } from 'node:crypto';
import { systemClock } from '#adapters/system-clock.ts';
import type { Actor, ChangeWorld } from '#records/audit/actor.ts';
import { checkEnd, endExecution, type EndRequest, type ExecutionEnd } from '#records/executions/end-execution.ts';
import { runCommand, usageError, type Arguments, type ExitCode } from '../../terminal/command-line.ts';
import { silenceInWords } from '../../terminal/silence-view.ts';
import { openDatabase, PROJECT_OPTION } from '../../project/open-database.ts';
import { type Terminal, userOf } from '../../terminal/terminal.ts';

const command = {
  name: 'npm run playbook -- end',
  summary:
    'Ends an execution whose runner is silent: as failed, with your name and reason. This is final. An execution that a runner is working on is left alone.',
  positionals: ['EXECUTION_ID'],
  options: {
    reason: {
      value: 'TEXT',
      help: 'Why you end it, at most 500 characters. Stored in the record and in the audit log.',
    },
    yes: { help: 'Does not ask for confirmation. Required if there is no terminal.' },
    project: PROJECT_OPTION,
    json: { help: 'Prints one JSON object instead of text.' },
  },
  notes: [
    'Nobody knows whether the effect of the interrupted step happened: check before you run the playbook again.',
    'A later delivery of its slot is answered from the record and runs nothing.',
  ],
} as const;

type Given = Arguments<keyof typeof command.options>;

/** `end`: 0 if it is ended, also if it was before; 1 if it cannot be ended or you did not agree. */
export function end(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const [executionId = ''] = given.positionals;
    const reason = given.text('reason');
    if (reason === undefined) {
      return usageError(
        command.name,
        '--reason is missing: say why you end it, for example --reason "Its machine is gone."',
        terminal,
      );
    }
    const { documents } = await openDatabase(terminal, given.text('project'));
    try {
      const world = { documents, clock: systemClock, newId: randomUUID };
      return await endIt(world, { executionId, reason }, given, terminal);
    } finally {
      await documents.close();
    }
  });
}

async function endIt(world: ChangeWorld, asked: EndRequest, given: Given, terminal: Terminal): Promise<ExitCode> {
  const actor: Actor = { email: `${userOf(terminal)} (npm run playbook)`, role: null };
  const endable = await checkEnd(world, actor, asked);
  if (endable.kind === 'silent' && !given.flag('yes')) {
    const { execution, silence } = endable;
    const said = [`${execution.playbookName} (${execution.id})`, silenceInWords({ ...execution, ...silence }) ?? ''];
    if (!(await agreed(said, given, terminal))) return 1;
  }
  print(await endExecution(world, actor, asked), given, terminal);
  return 0;
}

async function agreed(said: readonly string[], given: Given, terminal: Terminal): Promise<boolean> {
  if (!terminal.interactive || given.flag('json')) {
    terminal.error('There is no terminal for confirming this. Pass --yes to end the execution. Nothing was changed.');
    return false;
  }
  for (const line of said) terminal.out(line);
  if (await terminal.confirm('End it as failed?')) return true;
  terminal.out('Nothing was changed.');
  return false;
}

function print({ execution, already }: ExecutionEnd, given: Given, terminal: Terminal): void {
  if (given.flag('json')) return terminal.out(JSON.stringify({ already, execution }, null, 2));
  const sentence = already ? 'was already ended by you, with this reason' : 'is ended as failed';
  terminal.out(`${terminal.paint('green', '✓')} ${execution.id} ${sentence}. ${execution.error}`);
}
