import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { Execution } from '#engine/record/execution.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { toDocument } from '#records/store/document-json.ts';
import { pausePlaybook } from '#records/playbooks/playbook-switches.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { liveView } from '../terminal/live-view.ts';
import { main } from './playbook.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';

const STARTED = new Date('2026-11-20T14:00:00.000Z');
const COMPLETED = new Date('2026-11-20T14:00:02.345Z');
const ended = { startedAt: STARTED, completedAt: COMPLETED, durationMs: 2_345 };
const failure = { code: 'unavailable', class: 'transient', message: 'api.example.com did not answer.' } as const;

const check = {
  path: 'check',
  id: 'check',
  type: 'tool_call',
  order: 0,
  status: 'succeeded',
  ...ended,
  attempts: [{ number: 1, status: 'succeeded', ...ended, output: { slowestMs: 312 } }],
};
const tell = {
  path: 'tell',
  id: 'tell',
  type: 'notify',
  order: 1,
  status: 'failed',
  continued: false,
  failure,
  ...ended,
  attempts: [1, 2].map((number) => ({ number, status: 'failed', ...ended, failure })),
};

let directory: string;
let terminal: RecordingTerminal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'playbook-'));
  terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'sqlite:playbooks.db' } });
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function anExecution(changes: { readonly steps?: object } & Record<string, unknown> = {}): Execution {
  const steps = changes.steps ?? { check, tell };
  const stepsExecuted = Object.values(steps).filter(({ status }) => status !== 'running').length;
  return Execution.parse({
    id: 'ops_health_20261120T140000Z',
    playbookId: 'ops_health',
    playbookName: '🏥 Health',
    version: 'v1',
    slot: STARTED,
    trigger: { kind: 'schedule' },
    labels: {},
    runner: 'this-machine',
    window: { start: STARTED, end: COMPLETED },
    startedAt: STARTED,
    expireAt: new Date('2027-11-20T14:00:00.000Z'),
    stepsExecuted,
    steps,
    completedAt: COMPLETED,
    duration: 2_345,
    results: { check: { slowestMs: 312 } },
    criteria: [{ id: 'latency', value: 312, band: 'ok', unit: 'ms' }],
    spend: { modelCalls: 1, inputTokens: 1200, outputTokens: 300, costUsd: 0.0081 },
    status: 'failed',
    success: false,
    error: 'The step tell failed: api.example.com did not answer.',
    failure,
    failedStep: 'tell',
    ...changes,
  });
}

async function keep(...executions: Execution[]): Promise<void> {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  for (const execution of executions) {
    const fields = Object.entries(execution).map(([name, value]) => [name, toDocument(value, 1)] as const);
    const path = `playbook_executions/${execution.id}`;
    await documents.commit([{ kind: 'create', path, data: Object.fromEntries(fields) }]);
  }
  await documents.close();
}

async function seed(...playbooks: Playbook[]): Promise<void> {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  await applySeed(
    documents,
    playbooks.map((playbook) => ({ playbook, version: 'v1', source: '' })),
    STARTED,
  );
  await documents.close();
}

async function pause(playbookId: string, until: Date): Promise<void> {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  const clock = { ...systemClock, now: () => new Date(until.getTime() - 1) };
  const actor = { email: 'ann@example.com', role: 'admin' } as const;
  await pausePlaybook({ documents, clock, newId: () => playbookId }, actor, { playbookId, until, reason: 'Moving' });
  await documents.close();
}

function aPlaybook(changes: object = {}): Playbook {
  const steps = [{ id: 'check', type: 'tool_call', tool: 'checkIntegrations' }];
  return Playbook.parse({ id: 'ops_health', name: '🏥 Health', steps, ...changes });
}

describe('npm run playbook', () => {
  test('explains itself', async () => {
    expect(await main(['--help'], terminal)).toBe(0);
    expect(terminal.text()).toMatch(/executions +Lists the latest executions\./);
  });

  test('suggests the command that was meant', async () => {
    expect(await main(['exections'], terminal)).toBe(2);
    expect(terminal.text()).toContain('Unknown command exections. Did you mean executions?');
  });

  test('refuses the names of object properties as commands', async () => {
    expect(await main(['constructor'], terminal)).toBe(2);
  });

  test('says how to write PLAYBOOK_DATABASE if it is invalid', async () => {
    const wrong = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'mysql' } });

    expect(await main(['list'], wrong)).toBe(1);
    expect(wrong.text()).toContain('PLAYBOOK_DATABASE is "mysql"');
  });
});

describe('list', () => {
  test('shows each playbook with its schedule and state', async () => {
    const schedule = { cron: '0 9 * * 1-5', timeZone: 'America/New_York' };
    await seed(aPlaybook({ schedule }), aPlaybook({ id: 'ops_off', name: 'Off', enabled: false }));

    expect(await main(['list'], terminal)).toBe(0);

    expect(terminal.output).toEqual([
      '✓  ops_health  🏥 Health  0 9 * * 1-5 (America/New_York)  enabled   v1',
      '–  ops_off     Off        no schedule                     disabled  v1',
    ]);
  });

  test('says until when a playbook is paused, and no longer than that', async () => {
    const until = new Date('2126-01-01T00:00:00.000Z');
    await seed(aPlaybook(), aPlaybook({ id: 'ops_over', name: 'Over' }));
    await pause('ops_health', until);
    await pause('ops_over', new Date('2026-01-01T00:00:00.000Z'));

    expect(await main(['list'], terminal)).toBe(0);

    expect(terminal.output).toEqual([
      '–  ops_health  🏥 Health  no schedule  paused by ann@example.com until 2126-01-01T00:00:00.000Z: Moving  v1',
      '✓  ops_over    Over       no schedule  enabled                                                           v1',
    ]);
  });

  test('says what to do if the database has none', async () => {
    expect(await main(['list'], terminal)).toBe(0);
    expect(terminal.text()).toContain('Run npm run seed.');
  });

  test('prints JSON that a script can read', async () => {
    await seed(aPlaybook());

    await main(['list', '--json'], terminal);

    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({ playbooks: [{ id: 'ops_health', version: 'v1' }] });
  });
});

describe('executions', () => {
  test('are listed from the latest on, with their results', async () => {
    const earlier = new Date('2026-11-20T13:00:00.000Z');
    const end = { status: 'succeeded', success: true, error: null, failure: undefined, failedStep: undefined };
    const good = { ...end, steps: { check } };
    await keep(anExecution(), anExecution({ ...good, id: 'ops_health_20261120T130000Z', startedAt: earlier }));

    expect(await main(['executions'], terminal)).toBe(0);

    expect(terminal.output.slice(1)).toEqual([
      '✗  ops_health_20261120T140000Z  2026-11-20 14:00:00Z  2.3 s  failed     1 ok      The step tell failed: api.example.com did not answer.',
      '✓  ops_health_20261120T130000Z  2026-11-20 13:00:00Z  2.3 s  succeeded  1 ok',
    ]);
  });

  test('can be filtered by playbook and status, and limited', async () => {
    await keep(anExecution(), anExecution({ id: 'other', playbookId: 'ops_other' }));

    await main(['executions', 'ops_other', '--status', 'failed', '--limit', '5', '--json'], terminal);

    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({ executions: [{ id: 'other' }] });
  });

  test.each([
    [['--limit', '0'], '--limit must be a whole number from 1 to 1000.'],
    [['--limit', 'many'], '--limit must be a whole number'],
    [['--status', 'faild'], 'Did you mean failed?'],
  ])('refuse %j with the exit code 2', async (argv, message) => {
    expect(await main(['executions', ...argv], terminal)).toBe(2);
    expect(terminal.text()).toContain(message);
  });
});

describe('show', () => {
  test('shows what each attempt did, what failed and what to do', async () => {
    await keep(anExecution());

    expect(await main(['show', 'ops_health_20261120T140000Z'], terminal)).toBe(0);

    const text = terminal.text();
    expect(text).toContain('✓ check  tool_call  2.3 s');
    expect(text).toContain('output {"slowestMs":312}');
    expect(text).toContain('✗ tell  notify  2.3 s, 2 attempts');
    expect(text).toContain('attempt 2: failed after 2.3 s');
    expect(text).toContain('unavailable: api.example.com did not answer.');
    expect(text.split('What to do: The other side was out of reach.')).toHaveLength(2);
    expect(text).toContain('OK  latency  312 ms');
    expect(text).toContain('1 model call, 1200 tokens in, 300 out, for $0.0081.');
  });

  test('shortens a long output, and prints it whole as JSON', async () => {
    const output = { text: 'long '.repeat(100) };
    const attempts = [{ number: 1, status: 'succeeded', ...ended, output }];
    await keep(anExecution({ steps: { check: { ...check, attempts } } }));

    await main(['show', 'ops_health_20261120T140000Z'], terminal);
    expect(Math.max(...terminal.output.map((line) => line.length))).toBeLessThan(130);

    const json = recordingTerminal({ directory, env: terminal.env });
    await main(['show', 'ops_health_20261120T140000Z', '--json'], json);
    expect(JSON.parse(json.output.join('\n'))).toMatchObject({ steps: { check: { attempts: [{ output }] } } });
  });

  test('ends with 1 for an unknown execution', async () => {
    expect(await main(['show', 'nothing'], terminal)).toBe(1);
    expect(terminal.text()).toContain('No execution nothing in');
  });
});

test('a running execution is shown step by step, each once', () => {
  const finished = anExecution();
  const lease = { owner: 'me', nonce: '1', durationMs: 60_000, takeovers: 0 };
  const running = { status: 'running', deadlineAt: COMPLETED, lease };
  const show = liveView(terminal);

  show(anExecution({ ...running, steps: { check: { ...check, status: 'running' } } }));
  const atFirst = terminal.output.length;
  show(anExecution({ ...running, steps: { check, tell: { ...tell, status: 'running' } } }));
  show(anExecution({ ...running, steps: { check, tell: { ...tell, status: 'running' } } }));
  const later = terminal.output.slice(atFirst);
  show(finished);
  show(finished);

  expect(atFirst).toBe(1);
  expect(later).toEqual(['  ✓ check  tool_call  2.3 s']);
  expect(terminal.output.filter((line) => line.includes('tell  notify'))).toHaveLength(1);
  expect(terminal.output.at(-1)).toBe('✗ failed after 2.3 s');
});
