import { systemClock } from '#adapters/system-clock.ts';
import { listPlaybooks, type Pause, pauseAt, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { runCommand, type ExitCode } from '../../terminal/command-line.ts';
import { openDatabase, PROJECT_OPTION } from '../../project/open-database.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { aligned } from '../../terminal/text-layout.ts';

const command = {
  name: 'npm run playbook -- list',
  summary: 'Lists the playbooks in the database.',
  options: { project: PROJECT_OPTION, json: { help: 'Prints one JSON object instead of text.' } },
} as const;

/** `list`: 0, or 1 if a playbook in the database is unreadable. */
export function list(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const { documents, name } = await openDatabase(terminal, given.text('project'));
    try {
      const listing = await listPlaybooks(documents);
      const now = systemClock.now();
      if (given.flag('json')) terminal.out(JSON.stringify(listing, null, 2));
      else if (listing.playbooks.length > 0)
        terminal.out(
          aligned(
            listing.playbooks.map((record) => rowOf(record, now, terminal)),
            '',
            terminal.columns(),
          ),
        );
      else terminal.out(`No playbooks in ${name}. Run npm run seed.`);
      if (!given.flag('json')) {
        for (const { problem } of listing.unreadable) terminal.error(`${terminal.paint('red', '✗')} ${problem}`);
      }
      return listing.unreadable.length === 0 ? 0 : 1;
    } finally {
      await documents.close();
    }
  });
}

function rowOf(record: PlaybookRecord, now: Date, terminal: Terminal): readonly string[] {
  const { schedule } = record.definition;
  const pause = pauseAt(record.pause, now);
  return [
    record.enabled && pause === null ? terminal.paint('green', '✓') : terminal.paint('gray', '–'),
    record.id,
    record.name,
    schedule === undefined ? 'no schedule' : `${schedule.cron} (${schedule.timeZone})`,
    stateOf(record.enabled, pause),
    terminal.paint('gray', record.version),
  ];
}

function stateOf(enabled: boolean, pause: Pause | null): string {
  if (!enabled) return 'disabled';
  if (pause === null) return 'enabled';
  return `paused by ${pause.by}${pause.until === null ? '' : ` until ${pause.until.toISOString()}`}: ${pause.reason}`;
}
