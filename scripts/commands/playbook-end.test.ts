import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Execution, RunningExecution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { aRunningExecution, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { main } from './playbook.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';

const ID = 'ops_test_20261120T140000Z';
const STARTED = new Date('2026-11-20T14:00:00.000Z');
const TELL: StepRecord = {
  path: 'tell',
  id: 'tell',
  type: 'notify',
  order: 0,
  status: 'running',
  startedAt: STARTED,
  attempts: [{ number: 1, status: 'running', startedAt: STARTED }],
};
const LEASE = { owner: 'runner-7', nonce: 'n', durationMs: 600_000, takeovers: 0, interruptions: 0 };
/** What a runner leaves that gave its lease back. */
const SILENT: Partial<RunningExecution> = {
  lease: { ...LEASE, durationMs: 0 },
  deadlineAt: new Date(STARTED.getTime() + 1),
  steps: { tell: TELL },
};

let directory: string;
let terminal: RecordingTerminal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'playbook-'));
  terminal = aTerminal();
});
afterEach(() => rm(directory, { recursive: true }));

function aTerminal(answers?: 'yes' | 'no'): RecordingTerminal {
  const env = { PLAYBOOK_DATABASE: 'sqlite:playbooks.db', USER: 'ann' };
  return recordingTerminal({ directory, env, ...(answers === undefined ? {} : { answers }) });
}

async function inDatabase<Result>(
  use: (documents: ReturnType<typeof sqliteDocuments>) => Promise<Result>,
): Promise<Result> {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  try {
    return await use(documents);
  } finally {
    await documents.close();
  }
}

const keep = (changes: Partial<RunningExecution>) =>
  inDatabase((documents) => storeExecution(documents, aRunningExecution(STARTED, { id: ID, ...changes })));
const recorded = (): Promise<Execution | undefined> => inDatabase((documents) => loadExecution(documents, ID));
const audited = () => inDatabase(async (documents) => (await listAuditEntries(documents, {}, { limit: 10 })).items);
const end = (on: RecordingTerminal, ...argv: readonly string[]) =>
  main(['end', ID, '--reason', 'Its machine is gone.', ...argv], on);

describe('end', () => {
  test('ends an execution whose runner is silent, in the name of the user, and records that', async () => {
    await keep(SILENT);

    expect(await end(terminal, '--yes')).toBe(0);

    expect(terminal.output).toEqual([
      `✓ ${ID} is ended as failed. tell: ann (npm run playbook) ended it: Its machine is gone.`,
    ]);
    expect(await recorded()).toMatchObject({ status: 'failed', failure: { code: 'interrupted' }, failedStep: 'tell' });
    expect(await audited()).toMatchObject([
      { action: 'execution_ended', by: 'ann (npm run playbook)', reason: 'Its machine is gone.' },
    ]);
  });

  test('asks for confirmation, and names the execution', async () => {
    await keep(SILENT);
    const [doubting, sure] = [aTerminal('no'), aTerminal('yes')];

    expect(await end(doubting)).toBe(1);
    expect(doubting.text()).toMatch(
      /Nightly test \(ops_test_.*silent since .*, in the step tell\..*Nothing was changed/s,
    );
    expect(await recorded()).toMatchObject({ status: 'running' });

    expect(await end(sure)).toBe(0);
    expect(sure.questions).toEqual(['End it as failed?']);
    expect(await recorded()).toMatchObject({ status: 'failed' });
  });

  test.each([[[]], [['--json']]])('does nothing without --yes if there is no terminal: %j', async (argv) => {
    await keep(SILENT);
    expect(await end(argv.length === 0 ? terminal : aTerminal('yes'), ...argv)).toBe(1);
    expect(await recorded()).toMatchObject({ status: 'running' });
  });

  test('says the second time that it is already ended', async () => {
    await keep(SILENT);
    await end(aTerminal(), '--yes');
    expect(await end(terminal)).toBe(0);
    expect(terminal.text()).toContain('was already ended by you');
    expect(await audited()).toHaveLength(1);
  });

  test('prints JSON that a script can read', async () => {
    await keep(SILENT);
    await end(terminal, '--yes', '--json');
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({
      already: false,
      execution: { id: ID, status: 'failed' },
    });
  });

  test('leaves alone an execution whose lease runs, and says whose it is and until when', async () => {
    await keep({ lease: LEASE });
    expect(await end(terminal, '--yes')).toBe(1);
    expect(terminal.text()).toMatch(/✗ Its runner may still be working: the lease of runner-7 runs until \d{4}-/);
    expect(await recorded()).toMatchObject({ status: 'running' });
  });

  test('refuses an execution that has ended, and says how it ended', async () => {
    await inDatabase((documents) => storeExecution(documents, aSucceededExecution(STARTED, { id: ID })));
    expect(await end(terminal, '--yes')).toBe(1);
    expect(terminal.text()).toContain('it succeeded at 2026-11-20T14:00:01.000Z');
  });

  test('names an unknown execution', async () => {
    expect(await end(terminal, '--yes')).toBe(1);
    expect(terminal.text()).toContain(`There is no execution ${ID} in the database.`);
  });

  test.each([
    [[], 'EXECUTION_ID is missing.'],
    [[ID], '--reason is missing'],
    [[ID, '--reason', 'x', '--yess'], 'Did you mean --yes?'],
  ])('refuses the arguments %j with the exit code 2', async (argv, message) => {
    expect(await main(['end', ...argv], terminal)).toBe(2);
    expect(terminal.text()).toContain(message);
  });

  test('explains itself', async () => {
    expect(await main(['end', '--help'], terminal)).toBe(0);
    expect(terminal.text()).toContain('npm run playbook -- end EXECUTION_ID [options]');
  });
});

describe('an execution whose runner is silent', () => {
  test('is shown as silent, with the step it was in and what to do', async () => {
    await keep(SILENT);
    expect(await main(['show', ID], terminal)).toBe(0);
    expect(terminal.text()).toMatch(/^! Nightly test/);
    expect(terminal.text()).toMatch(/deadline +2026-11-20 14:00:00Z \(has passed\)/);
    expect(terminal.text()).toMatch(/Its runner has been silent since .*Z, in the step tell\./);
    expect(terminal.text()).toContain(`npm run playbook -- end ${ID} --reason TEXT`);
  });

  test('is marked in the list', async () => {
    await keep(SILENT);
    await main(['executions'], terminal);
    expect(terminal.output[1]).toMatch(/^! .* running +past its deadline, runner silent since /);
  });

  test('is marked in JSON; one whose runner is alive has the end of its lease', async () => {
    await keep(SILENT);
    await main(['show', ID, '--json'], terminal);
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({
      silentSince: expect.any(String),
      pastDeadline: true,
    });

    const list = aTerminal();
    await inDatabase((documents) => documents.commit([{ kind: 'delete', path: `playbook_executions/${ID}` }]));
    await keep({ lease: LEASE });
    await main(['executions', '--json'], list);
    expect(JSON.parse(list.output.join('\n'))).toMatchObject({
      executions: [{ silentSince: null, leaseUntil: expect.any(String) }],
    });
    const shown = aTerminal();
    await main(['show', ID], shown);
    expect(shown.text()).toMatch(/runner +runner-7, alive, holds it until/);
  });
});
