import { describe, expect, test } from 'vitest';
import { KEPT, simulationRound } from '#testing/simulation/simulation-round.ts';

/** The same every time, so that a change is what fails; other seeds are tried manually. */
const SEED = Number(process.env['SIMULATION_SEED'] ?? 20_261_120);
const ROUNDS = Number(process.env['SIMULATION_ROUNDS'] ?? 500);

describe('an execution', () => {
  test(`keeps its promises, whatever crashes, sleeps or is lost (SIMULATION_SEED=${SEED})`, async () => {
    let compared = 0;
    for (let seed = SEED; seed < SEED + ROUNDS; seed += 1) {
      const { differs, ...found } = await simulationRound(seed);
      expect({ seed, ...found, differs: differs === true }).toEqual({ seed, ...KEPT, differs: false });
      if (differs !== null) compared += 1;
    }
    expect(compared).toBeGreaterThan(ROUNDS / 3);
  }, 3_600_000);
});
