import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostAnswer } from './host-messages.ts';
import { type Host, startHost } from './host-process.ts';
import { copyTree, type Tree } from './tree-copy.ts';

/** A bug that ends the process of the tests does so again; a full machine rather not. */
const ATTEMPTS = 2;

/** A copy of the project and the process that runs tests in it. One mutant at a time. */
export interface Lane {
  /** The folder of the copy. */
  readonly root: string;
  plant(file: string, text: string): void;
  /** Takes out what was planted, and repairs what tests have damaged. */
  restore(): void;
  /**
   * Runs these tests, in this order, until one fails or the limit is reached. Tests that end their process are `silent`.
   * A closed lane runs nothing.
   */
  run(tests: readonly string[], limitMs: number): Promise<HostAnswer>;
  close(): void;
}

interface Opening {
  readonly tree: Tree;
  /** The project that the tree was read from. */
  readonly original: string;
  /** A new folder for everything that belongs to the lane. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a test file takes as a rule. */
  usualMs(test: string): number;
}

/** Opens a lane. Its tests see an empty home and a temporary folder of their own: a bug may delete more than it should. */
export async function openLane({ tree, original, folder, env, usualMs }: Opening): Promise<Lane> {
  const [home, temporary] = [join(folder, 'home'), join(folder, 'tmp')];
  for (const path of [home, temporary]) await mkdir(path, { recursive: true });
  const copy = copyTree(tree, original, join(folder, 'tree'));
  const seen = { PATH: env['PATH'] ?? '', HOME: home, TMPDIR: temporary, NO_COLOR: '1', ...emulatorOf(env) };
  let host: Host | undefined;
  let changed: readonly string[] = [];
  let isOpen = true;
  return {
    root: copy.root,
    plant(file, text) {
      copy.plant(file, text);
      changed = [...changed, file];
    },
    restore: () => void (changed = [...changed, ...copy.restore()]),
    async run(tests, limitMs) {
      const request = {
        tests: tests.map((file) => ({ file, usualMs: usualMs(file) })),
        changed: [...changed],
        limitMs,
      };
      changed = [];
      for (let attempt = 1; isOpen && attempt <= ATTEMPTS; attempt += 1) {
        if (host?.isAlive() !== true) host = await startHost(copy.root, seen);
        const answer = await host.ask(request);
        if (answer !== undefined) return answer;
      }
      return isOpen ? { status: 'silent', ended: [], test: tests[0] ?? '' } : { status: 'limit', ended: [] };
    },
    close() {
      isOpen = false;
      host?.end();
    },
  };
}

function emulatorOf(env: Opening['env']): Readonly<Record<string, string>> {
  const address = env['FIRESTORE_EMULATOR_HOST'] ?? '';
  return address === '' ? {} : { FIRESTORE_EMULATOR_HOST: address };
}
