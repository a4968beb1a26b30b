/**
 * `npm run test:firebase`: tests what needs the Firebase CLI's own emulators, against the Firestore emulator. The built
 * functions are discovered, called like Cloud Scheduler calls them, and leave their record; the built console, started
 * like App Hosting starts it, admits users of the Auth emulator, each within their role. Not part of `npm test`,
 * because npx downloads the CLI (240 MB) the first time. Nothing leaves this machine: `demo-` projects have no cloud.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { deliver } from '#testing/runner/deliver.ts';
import { startFirestoreEmulator } from '#testing/servers/firestore-emulator.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { countedChecks, type Checks } from './firebase-checks.ts';
import { startConsoleServer } from '../local/local-servers.ts';
import { checkConsole } from './test-firebase-console.ts';
import { stopSignal } from '../processes/stop-signal.ts';
import { runCommand, type ExitCode } from '../terminal/command-line.ts';
import { processTerminal } from '../terminal/terminal.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROJECT = 'demo-playbooks';
const PLAYBOOK_ID = 'ops_firebase_check';
const SECRET = 'known-to-this-check-only';
const SECRETS_FILE = join(ROOT, 'functions', '.secret.local');
const URL_OF_RUNNER = `http://127.0.0.1:5001/${PROJECT}/us-central1/playbookRunner`;
const AUTH_EMULATOR = '127.0.0.1:9099';
const START_LIMIT_MS = 300_000;

const command = {
  name: 'npm run test:firebase --',
  summary:
    'Tests the built function and console on the emulators of the Firebase CLI, which npx downloads the first time.',
  options: {},
  notes: ['It needs Java and the Firestore emulator, like npm test, and takes a few minutes.'],
} as const;

async function main(stop: AbortSignal): Promise<ExitCode> {
  if (existsSync(SECRETS_FILE)) {
    console.error(`${SECRETS_FILE} exists. Move it away first: this check writes its own and removes it afterwards.`);
    return 1;
  }
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts', 'commands', 'build.ts')], { stdio: 'inherit' });
  if (built.status !== 0) return 1;

  const firestore = await startFirestoreEmulator({ rules: join(ROOT, 'firestore.rules') });
  process.env['FIRESTORE_EMULATOR_HOST'] = `${firestore.host}:${firestore.port}`;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  writeFileSync(SECRETS_FILE, `CRON_SECRET=${SECRET}\nCRON_SECRET_PREVIOUS=${SECRET}-of-yesterday\n`, { mode: 0o600 });
  const cli = startCli();
  const checks = countedChecks();
  try {
    await Promise.race([checkAll(cli, checks), once(stop, 'abort')]);
    if (stop.aborted) {
      console.error('Stopped before everything was checked.');
      return 1;
    }
    console.log(`Functions and console run on the emulators of the Firebase CLI: ${checks.passed()} passed, 0 failed`);
    return 0;
  } finally {
    await endCli(cli);
    rmSync(SECRETS_FILE);
    await firestore.stop();
  }
}

async function checkAll(cli: ChildProcess, checks: Checks): Promise<void> {
  await answers(cli);
  await checkFunctions(checks);
  await checkBuiltConsole(checks);
}

/**
 * In its own process group, because npx starts the CLI, which starts the functions. Without an input, because on a terminal
 * the CLI asks for the parameters of the functions; otherwise it takes their defaults.
 */
function startCli(): ChildProcess {
  const command = ['--yes', 'firebase-tools@15', 'emulators:start', '--only', 'functions,auth', '--project', PROJECT];
  return spawn('npx', command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

/** Throws if the emulators do not answer within five minutes, most of which a first download may take. */
async function answers(cli: ChildProcess): Promise<void> {
  const limitMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < limitMs && !hasEnded(cli)) {
    if ((await statusOf(URL_OF_RUNNER)) === 405 && (await statusOf(`http://${AUTH_EMULATOR}/`)) === 200) return;
    await delay(500);
  }
  throw new Error('The emulators did not start; the output of the Firebase CLI is above.');
}

function hasEnded(cli: ChildProcess): boolean {
  return cli.exitCode !== null || cli.signalCode !== null;
}

/** 0 if nothing answers. */
function statusOf(url: string): Promise<number> {
  return fetch(url).then(
    (response) => response.status,
    () => 0,
  );
}

/** Delivers one slot twice, and once with a wrong secret. Throws if the answers or the record are wrong. */
async function checkFunctions(checks: Checks): Promise<void> {
  const documents = firestoreDocuments({ projectId: PROJECT });
  const steps = [{ id: 'always', type: 'condition', if: 'true', then: [] }];
  const playbook = Playbook.parse({ id: PLAYBOOK_ID, name: 'Firebase check', steps });
  await applySeed(documents, [{ playbook, version: 'v1', source: '' }], new Date());

  const call = { url: URL_OF_RUNNER, secret: SECRET, playbookId: PLAYBOOK_ID, slot: new Date() };
  const refused = await deliver({ ...call, secret: 'wrong' });
  checks.equal('the answer to a wrong secret', refused.httpStatus, 401);
  const first = await deliver(call);
  checks.equal('the answer to the first delivery', first.httpStatus, 200);
  const again = await deliver(call);
  checks.equal('the execution of the second delivery', again.body.executionId, first.body.executionId);
  const execution = await loadExecution(documents, first.body.executionId ?? '');
  checks.equal('the status in the record', execution?.status, 'succeeded');
  await documents.close();
}

/** Throws if anyone gets in without permission, or is kept out in spite of it. */
async function checkBuiltConsole(checks: Checks): Promise<void> {
  // Firebase's SDK reads this from its own process, and `npm run grant` runs in this one.
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = AUTH_EMULATOR;
  const env = {
    ...process.env,
    PLAYBOOK_DATABASE: 'firestore',
    GOOGLE_CLOUD_PROJECT: PROJECT,
    CONSOLE_HOST: '127.0.0.1',
    CONSOLE_LOCAL_OPERATOR: undefined,
  };
  const documents = firestoreDocuments({ projectId: PROJECT });
  const server = await startConsoleServer({ port: await freePort(), env });
  try {
    const emulators = { authEmulator: AUTH_EMULATOR, projectId: PROJECT, documents };
    await checkConsole({ ...emulators, url: server.url, env }, checks);
  } catch (thrown) {
    console.error(`The console's last output:\n${server.lastLines()}`);
    throw thrown;
  } finally {
    await server.stop();
    await documents.close();
  }
}

/** The CLI ends its functions when it is interrupted; whatever has not ended after ten seconds is killed. */
async function endCli(cli: ChildProcess): Promise<void> {
  if (cli.pid === undefined || hasEnded(cli)) return;
  const gone = once(cli, 'exit');
  process.kill(-cli.pid, 'SIGINT');
  await Promise.race([gone, delay(10_000)]);
  if (!hasEnded(cli)) process.kill(-cli.pid, 'SIGKILL');
  await gone;
}

process.exitCode = await runCommand(command, process.argv.slice(2), processTerminal(), () => main(stopSignal()));
