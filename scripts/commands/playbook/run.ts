import { resolve } from 'node:path';
import { createApp } from '#functions/app.ts';
import { readConfig } from '#functions/config.ts';
import { runCommand, usageError, type ExitCode } from '../../terminal/command-line.ts';
import { requireFirestore } from '../../cloud/firestore-access.ts';
import { projectIdOf } from '../../cloud/google-project.ts';
import { PROJECT_OPTION } from '../../project/open-database.ts';
import { liveView } from '../../terminal/live-view.ts';
import { type Terminal, userOf } from '../../terminal/terminal.ts';

const command = {
  name: 'npm run playbook -- run',
  summary:
    'Runs a seeded playbook now, on this machine, and shows its steps as they happen. It leaves a record like any other execution.',
  positionals: ['ID'],
  options: {
    project: PROJECT_OPTION,
    input: {
      value: 'NAME=VALUE',
      multiple: true,
      help: 'The value of an input; can be given several times.',
    },
    'only-to': {
      value: 'EMAIL',
      help: 'Sends mail only to this address, whomever the playbook names, and posts nothing to Slack.',
    },
    json: { help: 'Prints the whole record as JSON at the end, and nothing else.' },
  },
  notes: ['A disabled or paused playbook also runs.', 'Inputs without a value have their default.'],
} as const;

/** `run`: 0 when the execution succeeded, else 1. */
export function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const [playbookId = ''] = given.positionals;
    const inputs = inputsOf(given.texts('input'));
    if (typeof inputs === 'string') return usageError(command.name, inputs, terminal);
    const onlyTo = given.text('only-to');
    const env = await completeEnvironment(given.text('project'), terminal);
    const app = await createApp(readConfig(env, { callers: false }), env);
    try {
      const json = given.flag('json');
      const onProgress = json ? undefined : liveView(terminal);
      const execution = await app.runManually({ playbookId, by: userOf(terminal), inputs, onlyTo, onProgress });
      onProgress?.(execution);
      if (json) terminal.out(JSON.stringify(execution, null, 2));
      return execution.status === 'succeeded' ? 0 : 1;
    } finally {
      await app.close();
    }
  });
}

/** The inputs by name, as text; or what is wrong with how they are written. */
function inputsOf(written: readonly string[]): Record<string, string> | string {
  const inputs = new Map<string, string>();
  for (const pair of written) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      return `--input needs a name and a value, for example --input days=7, not '${pair}'.`;
    }
    if (inputs.has(name)) return `The input ${name} is given twice.`;
    inputs.set(name, value);
  }
  return Object.fromEntries(inputs);
}

/**
 * The environment, completed with what it may leave open: the absolute path of the database file, or the Firestore
 * project.
 */
async function completeEnvironment(project: string | undefined, terminal: Terminal): Promise<Terminal['env']> {
  const { env, directory } = terminal;
  const { database } = readConfig(env, { callers: false });
  if (database.kind === 'firestore') {
    const projectId = await projectIdOf(project, terminal);
    await requireFirestore(env);
    return { ...env, GOOGLE_CLOUD_PROJECT: projectId };
  }
  const file = database.file === ':memory:' ? database.file : resolve(directory, database.file);
  return { ...env, PLAYBOOK_DATABASE: `sqlite:${file}` };
}
