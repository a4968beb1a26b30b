import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const START_TIMEOUT_MS = 30_000;
const JAR_IN_GCLOUD = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';
const JAR_IN_FIREBASE_CLI = '.cache/firebase/emulators/cloud-firestore-emulator-*.jar';
const GCLOUD_PLACES = ['/usr/lib/google-cloud-sdk', '/usr/share/google-cloud-sdk', '/opt/google-cloud-sdk'];
const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

const run = promisify(execFile);

/** The location of the emulator on this machine, or what is missing, as a sentence with what to install. */
export type EmulatorFinding =
  | { readonly found: true; readonly java: string; readonly javaArguments: readonly string[] }
  | { readonly found: false; readonly missing: string };

/** A running emulator. */
export interface FirestoreEmulator {
  readonly host: string;
  readonly port: number;
  /** Ends it and waits until the process has ended. */
  stop(): Promise<void>;
}

/** Looks for Java, and for the emulator in the gcloud SDK and in the Firebase CLI's cache. */
export async function findFirestoreEmulator(): Promise<EmulatorFinding> {
  const java = await findJava();
  if (java === undefined) {
    return {
      found: false,
      missing: 'Java was not found. Install a Java runtime (17 or newer) and put it on the PATH.',
    };
  }
  const inGcloud = await findJarInGcloud();
  if (inGcloud !== undefined) {
    return { found: true, java, javaArguments: ['-cp', inGcloud, MAIN_CLASS, 'start'] };
  }
  const inCache = globSync(join(homedir(), JAR_IN_FIREBASE_CLI)).toSorted().at(-1);
  if (inCache !== undefined) return { found: true, java, javaArguments: ['-jar', inCache] };
  return {
    found: false,
    missing:
      'The Firestore emulator was not found. Install it with "gcloud components install cloud-firestore-emulator" ' +
      'or "npx firebase-tools setup:emulators:firestore".',
  };
}

/**
 * Starts an emulator on a free port of 127.0.0.1 and resolves when it answers. `rules` is the path of a rules file; without
 * it everything is allowed. It ends with this process. Throws if it is not found or does not answer within 30 s.
 */
export async function startFirestoreEmulator(options: { readonly rules?: string } = {}): Promise<FirestoreEmulator> {
  const finding = await findFirestoreEmulator();
  if (!finding.found) throw new Error(finding.missing);
  const host = '127.0.0.1';
  const port = await freePort();
  const child = spawn(
    finding.java,
    [
      '-Duser.language=en',
      ...finding.javaArguments,
      `--host=${host}`,
      `--port=${port}`,
      ...(options.rules === undefined ? [] : [`--rules=${options.rules}`]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const endWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', endWithUs);
  await answers(child, `http://${host}:${port}/`);
  return {
    host,
    port,
    async stop() {
      process.off('exit', endWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function findJava(): Promise<string | undefined> {
  const home = process.env['JAVA_HOME'];
  const candidates = [...(home === undefined ? [] : [join(home, 'bin', 'java')]), 'java'];
  for (const candidate of candidates) {
    const works = await run(candidate, ['-version']).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  return undefined;
}

async function findJarInGcloud(): Promise<string | undefined> {
  const known = [...GCLOUD_PLACES, join(homedir(), 'google-cloud-sdk')].map((place) => join(place, JAR_IN_GCLOUD));
  const there = known.find((jar) => existsSync(jar));
  if (there !== undefined) return there;
  const root = await run('gcloud', ['info', '--format=value(installation.sdk_root)']).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  const jar = join(root, JAR_IN_GCLOUD);
  return root !== '' && existsSync(jar) ? jar : undefined;
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-2000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end && child.exitCode === null) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await delay(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The Firestore emulator did not start. The end of its output:\n${output}`);
}
