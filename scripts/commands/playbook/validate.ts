import { runCommand, type ExitCode } from '../../terminal/command-line.ts';
import { loadProject } from '../../project/load-project.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { counted, withoutCommands } from '../../terminal/text-layout.ts';

const command = {
  name: 'npm run playbook -- validate',
  summary: 'Checks all playbooks, agents and settings, and reports every problem. Writes nothing.',
  options: {
    playbooks: { value: 'DIR', help: 'Reads the playbooks from this directory, and everything else from playbooks/.' },
    json: { help: 'Prints one JSON object instead of text.' },
  },
} as const;

/** `validate`: 0 if there are no problems, else 1; warnings are not problems. */
export function validate(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const json = given.flag('json');
    const definitions = await loadProject(terminal, given.text('playbooks'), json);
    if (definitions === undefined) return 1;
    const { playbooks, agents, warnings } = definitions;
    if (json) {
      const valid = playbooks.map(({ file, playbook, version }) => ({ id: playbook.id, version, file }));
      terminal.out(
        JSON.stringify({ problems: [], warnings, playbooks: valid, agents: agents.map(({ id }) => id) }, null, 2),
      );
    } else {
      for (const { playbook } of playbooks)
        terminal.out(`${terminal.paint('green', '✓')} ${playbook.id}  ${withoutCommands(playbook.name)}`);
      terminal.out(`Valid: ${counted(playbooks.length, 'playbook')} and ${counted(agents.length, 'agent')}.`);
    }
    return 0;
  });
}
