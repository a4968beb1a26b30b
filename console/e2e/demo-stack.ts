import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Documents } from '#ports/documents/documents.ts';
import { main as demo } from '../../scripts/commands/demo.ts';
import { runSession } from '../../scripts/local/local-session.ts';
import { openLocalStack } from '../../scripts/local/local-stack.ts';
import { recordingTerminal } from '../../scripts/terminal/recording-terminal.ts';

/** Everything that `npm start` brings up, with every playbook run once, in a folder of its own. */
export interface DemoStack {
  /** Of the console, without a slash at the end. */
  readonly url: string;
  readonly documents: Documents;
  /** As `npm run demo -- integration ID STATE` does. */
  switchIntegration(id: string, state: 'on' | 'off' | 'slow'): Promise<void>;
  /** Has the runner run a playbook manually, outside the console, to its end; resolves to the id of the execution. */
  run(playbookId: string): Promise<string>;
  close(): Promise<void>;
}

/** `database` gives the variables that choose the database, for the folder of the data. Throws what was printed. */
export async function openDemoStack(
  database: (dataDirectory: string) => Readonly<Record<string, string>>,
): Promise<DemoStack> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'console-e2e-'));
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    METADATA_SERVER_DETECTION: 'none',
    PLAYBOOK_LOCAL_PORTS: 'any',
    ...database(dataDirectory),
  };
  const terminal = recordingTerminal({ env, directory: dataDirectory });
  const options = { dataDirectory, port: undefined, deliver: false, console: true };
  const stack = await openLocalStack(options, terminal);
  if (stack?.console === undefined) throw new Error(`The stack did not come up:\n${terminal.text()}`);
  const never = new AbortController().signal;
  const exitCode = await runSession(
    stack,
    { once: true, verbose: false, dataDirectory, offersHistory: false },
    terminal,
    never,
  );
  if (exitCode !== 0) throw new Error(`The playbooks did not succeed:\n${terminal.text()}`);
  return {
    url: new URL(stack.console.url).origin,
    documents: stack.documents,
    async switchIntegration(id, state) {
      const code = await demo(['integration', id, state, '--data', dataDirectory], terminal);
      if (code !== 0) throw new Error(terminal.text());
    },
    async run(playbookId) {
      const { executionId, error } = await stack.call(playbookId, { kind: 'manual', start: {} });
      if (executionId === undefined) throw new Error(error ?? 'The runner named no execution.');
      return executionId;
    },
    async close() {
      await stack.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** A file in the folder of the data. */
export function onSqlite(dataDirectory: string): Readonly<Record<string, string>> {
  return { PLAYBOOK_DATABASE: `sqlite:${join(dataDirectory, 'playbooks.db')}` };
}

/** A project of its own on the emulator that `FIRESTORE_EMULATOR_HOST` names. */
export function onEmulator(dataDirectory: string): Readonly<Record<string, string>> {
  const FIRESTORE_EMULATOR_HOST = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
  const project = `demo-${dataDirectory.slice(-6).toLowerCase()}`;
  return { PLAYBOOK_DATABASE: 'firestore', GOOGLE_CLOUD_PROJECT: project, FIRESTORE_EMULATOR_HOST };
}
