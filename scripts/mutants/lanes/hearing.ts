import type { HostAnswer, HostRequest } from './host-messages.ts';

/** Longer than a test or a hook may take without saying so, unless its file is known to be slow. */
const SILENT_MS = 40_000;
const SLOWER_THAN_USUAL = 3;
/** Longer than most tests take: until then the running one may end by itself. */
const QUIET_MS = 12_000;

/** What is heard of one run of tests, and what follows from it. */
export interface Hearing {
  began(test: string): void;
  /** Something happened, whatever it is. */
  stirred(): void;
  passed(test: string): void;
  failed(test: string, sentence: string): void;
  /** Resolves at the first failure. */
  readonly failing: Promise<void>;
  /** Why the run has to end now; undefined if it can go on. */
  verdict(): HostAnswer | undefined;
  /** The answer if the run has ended by itself. */
  end(): HostAnswer;
}

type Asked = Pick<HostRequest, 'tests' | 'limitMs'>;

/** Listens to a run of these tests that begins now. `nowMs` may count from any instant. */
export function hearing({ tests, limitMs }: Asked, nowMs: () => number): Hearing {
  const beganMs = nowMs();
  const running = new Map<string, number>();
  const ended: { readonly test: string; readonly durationMs: number }[] = [];
  const failing = Promise.withResolvers<void>();
  let heardMs = beganMs;
  let failure: HostAnswer | undefined;

  const stirred = (): void => void (heardMs = nowMs());
  return {
    stirred,
    began(test) {
      stirred();
      running.set(test, nowMs());
    },
    passed(test) {
      stirred();
      ended.push({ test, durationMs: nowMs() - (running.get(test) ?? beganMs) });
      running.delete(test);
    },
    failed(test, sentence) {
      failure ??= { status: 'failed', ended, test, sentence };
      failing.resolve();
    },
    failing: failing.promise,
    verdict() {
      if (failure !== undefined) return failure;
      const silentMs = nowMs() - heardMs;
      const test = running.keys().next().value ?? tests[0]?.file ?? '';
      const usualMs = tests.find(({ file }) => file === test)?.usualMs ?? 0;
      if (silentMs >= Math.max(SILENT_MS, SLOWER_THAN_USUAL * usualMs)) return { status: 'silent', ended, test };
      return nowMs() - beganMs >= limitMs && silentMs < QUIET_MS ? { status: 'limit', ended } : undefined;
    },
    end: () => failure ?? { status: 'passed', ended },
  };
}
