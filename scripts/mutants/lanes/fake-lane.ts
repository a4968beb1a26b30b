import type { HostAnswer } from './host-messages.ts';
import type { Lane } from './lane.ts';

/** A lane for tests, without processes. */
export interface FakeLane extends Lane {
  /** What was run so far, each with the texts that were planted at that time. */
  readonly runs: { readonly tests: readonly string[]; readonly planted: readonly string[] }[];
}

/** How a test file ends while these texts are planted; `undefined` if it passes. */
type Ending = (test: string, planted: readonly string[]) => 'fails' | 'hangs' | 'is late' | undefined;

/** A lane whose tests end as `ending` says. A late test is the one at which the limit is reached. */
export function fakeLane(ending: Ending): FakeLane {
  const planted = new Map<string, string>();
  const runs: FakeLane['runs'] = [];
  return {
    root: '',
    runs,
    plant: (file, text) => void planted.set(file, text),
    restore: () => planted.clear(),
    async run(tests) {
      const texts = [...planted.values()];
      runs.push({ tests, planted: texts });
      return answerTo(tests, (test) => ending(test, texts));
    },
    close: () => undefined,
  };
}

function answerTo(tests: readonly string[], ending: (test: string) => ReturnType<Ending>): HostAnswer {
  const place = tests.findIndex((one) => ending(one) !== undefined);
  const test = tests[place];
  const ended = tests.slice(0, place === -1 ? tests.length : place).map((one) => ({ test: one, durationMs: 10 }));
  if (test === undefined) return { status: 'passed', ended };
  if (ending(test) === 'is late') return { status: 'limit', ended };
  return ending(test) === 'hangs'
    ? { status: 'silent', ended, test }
    : { status: 'failed', ended, test, sentence: `${test} is right` };
}
