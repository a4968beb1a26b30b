import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  IntegrationState,
  readStates,
  resetIntegrations,
  statesFile,
  switchIntegration,
} from '../../demo/servers/integration-states.ts';
import { Integrations, type Integration } from '#language/settings/integrations.ts';
import { formatProblem, parseYaml } from '#language/source/source.ts';
import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';
import { runCommand, usageError, type ExitCode } from '../terminal/command-line.ts';
import { daysOf, daysProblem, demoHistory } from '../local/demo-history.ts';
import { stopSignal } from '../processes/stop-signal.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { aligned } from '../terminal/text-layout.ts';

const INTEGRATIONS_FILE = join(import.meta.dirname, '..', '..', 'playbooks', 'integrations.yaml');

const command = {
  name: 'npm run demo --',
  summary:
    'Switches integrations of the demo company on and off, whether or not npm start is running, and gives it a past.',
  positionals: ['ACTION', '[ID]', '[STATE]'],
  options: {
    data: { value: 'DIR', help: 'The data directory of npm start (default: .data).' },
    json: { help: 'history: prints its result as JSON.' },
  },
  notes: [
    'Actions:\n' +
      '  integration ID on|off|slow   Switches one integration; slow means it answers after 2.5 s.\n' +
      '  integrations                 Lists all integrations with their state.\n' +
      '  reset                        Switches all integrations on.\n' +
      '  history DAYS                 Runs the playbooks over this many past days (1d to 90d) of the company, on the real\n' +
      '                               engine, with outages and people who decide. Slots that have a record are skipped.',
    'The next check of the integrations notices it: npm run playbook -- run ops_integration_monitor',
    'A history is written to the database of npm start, or the one in PLAYBOOK_DATABASE; end npm start first. No model is\n' +
      'called and nothing is sent. Ctrl-C keeps what is done; the same command continues with the rest.',
  ],
} as const;

const NEVER = new AbortController().signal;

/** The command: resolves to its exit code. `stop` ends a history early. */
export function main(argv: readonly string[], terminal: Terminal, stop: AbortSignal = NEVER): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const [action = '', id, state] = given.positionals;
    const dataDirectory = resolve(terminal.directory, given.text('data') ?? '.data');
    switch (action) {
      case 'history': {
        const days = state === undefined && id !== undefined ? daysOf(id) : undefined;
        if (days === undefined) return usageError(command.name, daysProblem(id), terminal);
        return demoHistory({ days, dataDirectory, json: given.flag('json'), stop }, terminal);
      }
      case 'integration':
        return switchOne(id, state, dataDirectory, terminal);
      default:
        return id === undefined ? actOnAll(action, dataDirectory, terminal) : refuseId(action, id, terminal);
    }
  });
}

function refuseId(action: string, id: string, terminal: Terminal): ExitCode {
  return usageError(command.name, `'${action}' applies to all integrations. Unexpected argument '${id}'.`, terminal);
}

function actOnAll(action: string, dataDirectory: string, terminal: Terminal): ExitCode {
  switch (action) {
    case 'integrations':
      terminal.out(listOf(integrations(), dataDirectory));
      return 0;
    case 'reset':
      resetIntegrations(dataDirectory);
      terminal.out('All integrations are on.');
      return 0;
    default: {
      const hint = suggestionFor(action, ['integration', 'integrations', 'reset', 'history']) ?? '';
      return usageError(command.name, `Unknown action '${action}'. ${hint}`, terminal);
    }
  }
}

function switchOne(
  id: string | undefined,
  state: string | undefined,
  dataDirectory: string,
  terminal: Terminal,
): ExitCode {
  if (id === undefined || state === undefined) {
    return usageError(command.name, 'Name an integration and its state: integration gmail off.', terminal);
  }
  const known = integrations();
  const integration = known.find((one) => one.id === id);
  if (integration === undefined) {
    const hint =
      suggestionFor(
        id,
        known.map((one) => one.id),
      ) ?? '';
    return usageError(command.name, `Unknown integration '${id}'. ${hint}`, terminal);
  }
  const wanted = IntegrationState.safeParse(state);
  if (!wanted.success) return usageError(command.name, `Unknown state '${state}'. Use on, off or slow.`, terminal);
  switchIntegration(dataDirectory, id, wanted.data);
  terminal.out(`${integration.name} is now ${wanted.data}.`);
  return 0;
}

function listOf(known: readonly Integration[], dataDirectory: string): string {
  const states = readStates(statesFile(dataDirectory));
  return aligned(known.map(({ id, name, group, kind }) => [id, states[id] ?? 'on', name, `${group} (${kind})`]));
}

function integrations(): readonly Integration[] {
  const parsed = parseYaml('playbooks/integrations.yaml', readFileSync(INTEGRATIONS_FILE, 'utf8'), Integrations);
  if (parsed.ok) return parsed.value.integrations;
  throw new PlaybookError('invalid_playbook', parsed.problems.map(formatProblem).join('\n'));
}

if (import.meta.main) {
  // The emulator needs no credentials, and looking for a metadata server that does not exist takes seconds.
  if (process.env['FIRESTORE_EMULATOR_HOST']) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  process.exitCode = await main(process.argv.slice(2), processTerminal(), stopSignal());
}
