import type { Definitions } from '#language/source/load-directory.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed, seedPlan, type SeedReport } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings, settingsPlan, type SettingsReport } from '#records/settings/seed-settings.ts';
import { runCommand, type ExitCode } from '../terminal/command-line.ts';
import { loadProject } from '../project/load-project.ts';
import { openDatabase, PROJECT_OPTION } from '../project/open-database.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { aligned } from '../terminal/text-layout.ts';

const command = {
  name: 'npm run seed --',
  summary:
    'Checks all playbooks, agents and settings, and writes them to the database: all, or none if there is a problem.\n' +
    'A playbook that an operator disabled stays disabled, unless its file has changed that setting. Nothing is deleted.',
  options: {
    playbooks: { value: 'DIR', help: 'Reads the playbooks from this directory, and everything else from playbooks/.' },
    project: PROJECT_OPTION,
    'dry-run': { help: 'Shows what would change, and writes nothing.' },
    json: { help: 'Prints one JSON object instead of text.' },
  },
  notes: ['PLAYBOOK_DATABASE names the database: firestore (the default) or sqlite:FILE.'],
} as const;

/** What a seed wrote, or would write. */
interface Outcome extends SeedReport {
  readonly database: string;
  readonly dryRun: boolean;
  readonly settings: SettingsReport['settings'];
  readonly absentAgents: readonly string[];
}

/** The command: resolves to its exit code. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const json = given.flag('json');
    const definitions = await loadProject(terminal, given.text('playbooks'), json);
    if (definitions === undefined) return 1;

    const { documents, name } = await openDatabase(terminal, given.text('project'));
    try {
      const dryRun = given.flag('dry-run');
      const outcome = { database: name, dryRun, ...(await seed(documents, definitions, dryRun)) };
      if (json) terminal.out(JSON.stringify(outcome, null, 2));
      else printOutcome(outcome, terminal);
      return 0;
    } finally {
      await documents.close();
    }
  });
}

/** The settings go first: a playbook must never name an agent or a role that does not exist yet. */
async function seed(
  documents: Documents,
  definitions: Definitions,
  dryRun: boolean,
): Promise<Omit<Outcome, 'database' | 'dryRun'>> {
  const seededAt = new Date();
  const planned = await seedPlan(documents, definitions.playbooks);
  const settings = dryRun
    ? await settingsPlan(documents, definitions)
    : await seedSettings(documents, definitions, seededAt);
  const playbooks = dryRun ? planned : await applySeed(documents, definitions.playbooks, seededAt);
  return { ...playbooks, settings: settings.settings, absentAgents: settings.absent };
}

function printOutcome(outcome: Outcome, terminal: Terminal): void {
  const rows = outcome.playbooks.map(({ id, change, version, enabled, enabledKept }) => [
    markOf(change, terminal),
    id,
    change,
    version,
    `${enabled ? 'enabled' : 'disabled'}${enabledKept ? ' (set by an operator; the file differs)' : ''}`,
  ]);
  const settings = outcome.settings.map(({ name, change }) => [markOf(change, terminal), name, change]);
  terminal.out(aligned([...rows, ...settings], '', terminal.columns()));
  for (const name of [...outcome.absent, ...outcome.absentAgents]) {
    terminal.out(`${terminal.paint('yellow', '!')} ${name} is in the database but has no file. It was left unchanged.`);
  }
  const changes = [...outcome.playbooks, ...outcome.settings].filter(({ change }) => change !== 'unchanged').length;
  const verb = outcome.dryRun ? 'would be written' : 'written';
  terminal.out(
    `${changes} ${verb}, ${rows.length + settings.length - changes} unchanged. Database: ${outcome.database}.`,
  );
}

function markOf(change: 'new' | 'changed' | 'unchanged', terminal: Terminal): string {
  return change === 'unchanged' ? terminal.paint('gray', '=') : terminal.paint('green', change === 'new' ? '+' : '~');
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
