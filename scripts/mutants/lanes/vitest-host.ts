/**
 * Keeps vitest ready in the copy of a project (the working directory): runs the tests that its parent asks for, and
 * says at the first failure which test failed. A separate process, because bugs may hang it or exhaust its memory.
 */
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createVitest, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';
import { z } from 'zod';
import { type Hearing, hearing } from './hearing.ts';
import { type HostAnswer, type HostMessage, HostRequest } from './host-messages.ts';

const LOOK_AGAIN_MS = 200;
const END_GRACE_MS = 3_000;

const Thrown = z.looseObject({ message: z.string().catch('an error'), VITEST_TEST_PATH: z.string().optional() });

/** Runs the files as they were given: the most likely to fail first. */
class AsGiven {
  sort(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

const root = process.cwd();
const now = (): number => performance.now();
let heard: Hearing = hearing({ tests: [], limitMs: 0 }, now);

const reporter: Reporter = {
  onTestModuleQueued: (module) => heard.began(pathOf(module)),
  onTestModuleCollected: () => heard.stirred(),
  onTestCaseReady: () => heard.stirred(),
  onHookStart: () => heard.stirred(),
  onHookEnd: () => heard.stirred(),
  onTestCaseResult(testCase) {
    heard.stirred();
    if (testCase.result().state === 'failed') heard.failed(pathOf(testCase.module), testCase.fullName);
  },
  onTestModuleEnd(module) {
    if (module.state() === 'failed') heard.failed(pathOf(module), module.errors()[0]?.message ?? 'a hook failed');
    else heard.passed(pathOf(module));
  },
};
const vitest = await createVitest(
  { root, watch: false, silent: true, reporters: [reporter], maxWorkers: 1, sequence: { sequencer: AsGiven } },
  { cacheDir: join(root, '.vitest-cache'), server: { watch: null } },
);
await vitest.standalone();
const specifications = Map.groupBy(await vitest.globTestSpecifications(), ({ moduleId }) => relative(root, moduleId));

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => void reply(HostRequest.parse(message)));
send({ kind: 'ready' });

function send(message: HostMessage): void {
  process.send?.(message);
}

function pathOf({ moduleId }: TestModule): string {
  return relative(root, moduleId);
}

async function reply({ tests, changed, limitMs }: HostRequest): Promise<void> {
  for (const file of changed) vitest.invalidateFile(join(root, file));
  vitest.state.clearErrors();
  heard = hearing({ tests, limitMs }, now);
  const ending = vitest
    .runTestSpecifications(tests.flatMap(({ file }) => specifications.get(file) ?? []))
    .then(() => true);
  const answer = await answerTo(ending, heard, tests[0]?.file ?? '');
  void vitest.cancelCurrentRun('test-failure');
  const hasEnded = await Promise.race([ending, delay(END_GRACE_MS, false)]);
  send({ kind: 'answer', answer, isSpent: !hasEnded });
}

async function answerTo(ending: Promise<boolean>, heard: Hearing, first: string): Promise<HostAnswer> {
  for (let hasEnded = false; ;) {
    for (const thrown of vitest.state.getUnhandledErrors()) {
      const { message, VITEST_TEST_PATH: path } = Thrown.parse(thrown);
      heard.failed(path === undefined ? first : relative(root, path), message);
    }
    const verdict = heard.verdict();
    if (verdict !== undefined) return verdict;
    if (hasEnded) return heard.end();
    hasEnded = await Promise.race([ending, heard.failing.then(() => false), delay(LOOK_AGAIN_MS, false)]);
  }
}
