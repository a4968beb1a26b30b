import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from './playbook.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';
import { main as seed } from './seed-operational-playbooks.ts';

const GOOD = `id: good
name: ✅ Good
inputs:
  days: { type: number, min: 1, default: 7 }
  note: { type: string }
steps:
  - { id: tell, type: notify, channels: [dashboard], subject: "Hello from \${{ playbook.id }}", body: All is well }
  - id: sure
    type: condition
    if: size(steps.tell.output.deliveries) == 1
    then:
      - { id: again, type: notify, channels: [dashboard], subject: Once more, body: Still well }
criteria:
  - { id: told, value: size(steps.tell.output.deliveries), ok: value == 1, alert: value == 0 }
`;

const BAD = `id: bad
name: Bad
steps:
  - { id: reach, type: tool_call, tool: httpRequest, with: { method: GET, url: "http://127.0.0.1:1/" } }
`;

let directory: string;
let terminal: RecordingTerminal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-'));
  await mkdir(join(directory, 'mine'));
  await writeFile(join(directory, 'mine', 'good.yaml'), GOOD);
  await writeFile(join(directory, 'mine', 'bad.yaml'), BAD);
  terminal = aTerminal();
  await seed(['--playbooks', 'mine'], aTerminal());
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function aTerminal(): RecordingTerminal {
  return recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'sqlite:playbooks.db' } });
}

describe('run', () => {
  test('shows each step and the criteria, and ends with 0', async () => {
    expect(await main(['run', 'good'], terminal)).toBe(0);

    const text = terminal.text();
    expect(text).toMatch(/✅ Good {2}good_/);
    expect(text).toMatch(/^ {2}✓ tell {2}notify/m);
    expect(text).toMatch(/^ {4}✓ again {2}notify/m);
    expect(text).toMatch(/OK {2}told {2}1/);
    expect(terminal.output.at(-1)).toMatch(/^✓ succeeded after/);
  });

  test('leaves a record that executions and show find', async () => {
    await main(['run', 'good'], aTerminal());

    await main(['executions', 'good'], terminal);
    const id = /good_\S+/.exec(terminal.text())?.[0] ?? '';
    const shown = aTerminal();

    expect(await main(['show', id], shown)).toBe(0);
    expect(shown.text()).toContain('none: started manually by');
    expect(shown.text()).toContain('Hello from good');
  });

  test('of a failing playbook says what failed and what to do, and ends with 1', async () => {
    expect(await main(['run', 'bad'], terminal)).toBe(1);

    expect(terminal.text()).toMatch(/✗ reach {2}tool_call/);
    expect(terminal.text()).toContain('address_blocked:');
    expect(terminal.text()).toContain('What to do: The address is private or not allowed.');
  });

  test('of an unknown playbook ends with 1', async () => {
    expect(await main(['run', 'nobody'], terminal)).toBe(1);
    expect(terminal.text()).toContain('Unknown playbook nobody.');
  });

  test('with --json prints the record and nothing else', async () => {
    await main(['run', 'good', '--json'], terminal);

    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({ status: 'succeeded', playbookId: 'good' });
  });
});

describe('run with inputs', () => {
  const run = (...options: string[]) => main(['run', 'good', ...options], terminal);

  test('takes each as NAME=VALUE, and records it', async () => {
    const exitCode = await run('--input', 'days=30', '--input', 'note=a=b', '--only-to', 'ann@bakedbot.ai', '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({
      inputs: { days: 30, note: 'a=b' },
      onlyTo: 'ann@bakedbot.ai',
    });
  });

  test.each([
    [['--input', 'days'], 2, "--input needs a name and a value, for example --input days=7, not 'days'."],
    [['--input', 'days=1', '--input', 'days=2'], 2, 'The input days is given twice.'],
    [['--input', 'days=x'], 1, "days must be a number of at least 1, but is the text 'x'."],
    [['--input', 'dayz=1'], 1, "Unknown input 'dayz'. Did you mean 'days'?"],
    [['--only-to', 'ann'], 1, 'onlyTo: "ann" is not a valid mail address.'],
  ])('%j ends with %i and says why', async (options, exitCode, expected) => {
    expect(await run(...options)).toBe(exitCode);
    expect(terminal.text()).toContain(expected);
  });
});

describe('validate', () => {
  test('names valid playbooks', async () => {
    expect(await main(['validate', '--playbooks', 'mine'], terminal)).toBe(0);
    expect(terminal.text()).toContain('✓ good  ✅ Good');
    expect(terminal.text()).toContain('2 playbooks and ');
  });

  test('reports every problem at once, each with its place', async () => {
    await writeFile(
      join(directory, 'mine', 'good.yaml'),
      GOOD.replace('dashboard', 'dashbord').replace('size(', 'sizee('),
    );
    await writeFile(join(directory, 'mine', 'bad.yaml'), BAD.replace('httpRequest', 'httpRequst'));

    expect(await main(['validate', '--playbooks', 'mine'], terminal)).toBe(1);

    expect(terminal.text()).toMatch(/good\.yaml:7:\d+/);
    expect(terminal.text()).toMatch(/good\.yaml:10:\d+/);
    expect(terminal.text()).toMatch(/bad\.yaml:4:\d+/);
    expect(terminal.text()).toMatch(/\d problems\. Nothing was changed\./);
  });
});
