import { quantile, rounded } from './figures.ts';

/** How long the calls of one round took. */
export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** The number of rounds, and of executions in each. */
export interface Rounds {
  readonly rounds: number;
  readonly executions: number;
}

type Call = () => Promise<void>;

/** Makes `count` calls, at most `atOnce` of them at the same time. */
export async function timeRound(count: number, atOnce: number, call: Call): Promise<Round> {
  const tookMs: number[] = [];
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const startMs = performance.now();
      await call();
      tookMs.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, caller));
  const wallMs = performance.now() - startMs;
  return { perSecond: (count * 1000) / wallMs, p50Ms: quantile(tookMs, 0.5), p95Ms: quantile(tookMs, 0.95) };
}

/**
 * Times two calls in turn, so that a slow minute of the machine slows both; resolves to the median round of each.
 */
export async function interleavedRounds(
  { rounds, executions }: Rounds,
  atOnce: number,
  [first, second]: readonly [Call, Call],
): Promise<readonly [Round, Round]> {
  const firsts: Round[] = [];
  const seconds: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    firsts.push(await timeRound(executions, atOnce, first));
    seconds.push(await timeRound(executions, atOnce, second));
  }
  return [medianRound(firsts), medianRound(seconds)];
}

/** The median of several rounds, figure by figure. */
function medianRound(rounds: readonly Round[]): Round {
  const of = (figure: (round: Round) => number): number => rounded(quantile(rounds.map(figure), 0.5));
  return {
    perSecond: of((round) => round.perSecond),
    p50Ms: of((round) => round.p50Ms),
    p95Ms: of((round) => round.p95Ms),
  };
}
