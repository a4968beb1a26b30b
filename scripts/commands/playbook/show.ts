import { findExecution } from '#records/executions/seen-execution.ts';
import { runCommand, type ExitCode } from '../../terminal/command-line.ts';
import { executionDetails } from '../../terminal/execution-view.ts';
import { openDatabase, PROJECT_OPTION } from '../../project/open-database.ts';
import type { Terminal } from '../../terminal/terminal.ts';

const command = {
  name: 'npm run playbook -- show',
  summary:
    'Shows one execution: its steps with their attempts, what failed and what to do, its criteria and its spend; while it is running, whether its runner is silent.',
  positionals: ['EXECUTION_ID'],
  options: { project: PROJECT_OPTION, json: { help: 'Prints the whole record as JSON, unshortened.' } },
} as const;

/** `show`: 0, or 1 for an unknown execution. */
export function show(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const [id = ''] = given.positionals;
    const { documents, name } = await openDatabase(terminal, given.text('project'));
    try {
      const execution = await findExecution(documents, id);
      if (execution === undefined) {
        terminal.error(`${terminal.paint('red', '✗')} No execution ${id} in ${name}.`);
        return 1;
      }
      terminal.out(given.flag('json') ? JSON.stringify(execution, null, 2) : executionDetails(execution, terminal));
      return 0;
    } finally {
      await documents.close();
    }
  });
}
