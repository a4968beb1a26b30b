import { nearest } from '#core/nearest.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { verifyChain } from '#records/audit/audit-chain.ts';
import { AuditAction, type AuditEntry } from '#records/audit/audit-entry.ts';
import { listAuditEntries, type AuditFilter } from '#records/audit/audit-log.ts';
import { runCommand, usageError, type ExitCode } from '../../terminal/command-line.ts';
import { openDatabase, PROJECT_OPTION } from '../../project/open-database.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { aligned, counted, instantInWords, shortened } from '../../terminal/text-layout.ts';

const MAX_LIMIT = 100;

const command = {
  name: 'npm run playbook -- audit',
  summary: 'Lists what people changed, newest first, or checks that the log is complete.',
  options: {
    verify: { help: 'Checks every entry instead of listing them; exits with 1 if one was changed or is missing.' },
    limit: { value: 'N', help: `The number of entries, at most ${MAX_LIMIT}. Default: 20.` },
    action: { value: 'ACTION', help: 'Only changes of this kind, for example thread_approved.' },
    by: { value: 'EMAIL', help: 'Only changes by this person.' },
    target: { value: 'ID', help: 'Only changes of this thread, playbook, execution or person.' },
    project: PROJECT_OPTION,
    json: { help: 'Prints one JSON object instead of text.' },
  },
} as const;

/** `audit`: 0, or 1 if the log is incomplete or an entry is unreadable. */
export function audit(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const limit = Number(given.text('limit') ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      return usageError(command.name, `--limit must be a whole number from 1 to ${MAX_LIMIT}.`, terminal);
    }
    const asked = given.text('action');
    const action = AuditAction.options.find((known) => known === asked);
    if (asked !== undefined && action === undefined) {
      const hint = `Did you mean ${nearest(asked, AuditAction.options) ?? AuditAction.options.join(', ')}?`;
      return usageError(command.name, `Unknown action ${asked}. ${hint}`, terminal);
    }

    const { documents } = await openDatabase(terminal, given.text('project'));
    const output = { json: given.flag('json'), limit };
    try {
      if (given.flag('verify')) return await verify(documents, output, terminal);
      return await list(documents, { action, by: given.text('by'), targetId: given.text('target') }, output, terminal);
    } finally {
      await documents.close();
    }
  });
}

interface Output {
  readonly json: boolean;
  readonly limit: number;
}

async function verify(documents: Documents, { json }: Output, terminal: Terminal): Promise<ExitCode> {
  const verdict = await verifyChain(documents, {});
  if (json) terminal.out(JSON.stringify(verdict, null, 2));
  else if (verdict.ok)
    terminal.out(
      `${terminal.paint('green', '✓')} The audit log is complete: ${counted(verdict.entries, 'entry', 'entries')}.`,
    );
  else terminal.error(`${terminal.paint('red', '✗')} The audit log is broken at ${verdict.brokenAt}: ${verdict.why}`);
  return verdict.ok ? 0 : 1;
}

async function list(
  documents: Documents,
  filter: AuditFilter,
  { json, limit }: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const { items, unreadable } = await listAuditEntries(documents, filter, { limit });
  if (json) terminal.out(JSON.stringify({ entries: items, unreadable }, null, 2));
  else {
    terminal.out(items.length === 0 ? 'No entries found.' : aligned(items.map(rowOf), '', terminal.columns()));
    for (const { problem } of unreadable) terminal.error(`${terminal.paint('red', '✗')} ${problem}`);
  }
  return unreadable.length === 0 ? 0 : 1;
}

function rowOf({ at, by, action, target, reason }: AuditEntry): readonly string[] {
  return [
    instantInWords(at),
    action,
    shortened(by, 40),
    `${target.kind} ${shortened(target.name ?? target.id, 60)}`,
    shortened(reason ?? '', 60),
  ];
}
