import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';

/** The ways in which spend is told apart. */
export const GROUPS = ['playbooks', 'agents', 'models'] as const;
export type Group = (typeof GROUPS)[number];

/** What one playbook, agent or model took. */
export interface SpendShare {
  readonly name: string;
  readonly figures: SpendFigures;
  /** Of all the money whose amount is known, from 0 to 1; null where that is nothing. */
  readonly share: number | null;
}

/** Adds figures up. */
export function sumFigures(parts: readonly SpendFigures[]): SpendFigures {
  return parts.reduce(
    (sum, one) => ({
      modelCalls: sum.modelCalls + one.modelCalls,
      inputTokens: sum.inputTokens + one.inputTokens,
      outputTokens: sum.outputTokens + one.outputTokens,
      cacheReadTokens: sum.cacheReadTokens + one.cacheReadTokens,
      costUsd: sum.costUsd + one.costUsd,
      unpriced: sum.unpriced + one.unpriced,
    }),
    { modelCalls: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0, unpriced: 0 },
  );
}

/** The total of some days. */
export function totalOf(days: readonly SpendDay[]): SpendFigures {
  return sumFigures(days.map(({ total }) => total));
}

/** What each member of a group took over some days, the most expensive first, then those with the most calls. */
export function sharesOf(days: readonly SpendDay[], group: Group): readonly SpendShare[] {
  const { costUsd } = totalOf(days);
  const parts = days.flatMap((day) => Object.entries(day[group]));
  return [...Map.groupBy(parts, ([name]) => name)]
    .map(([name, members]) => {
      const figures = sumFigures(members.map(([, one]) => one));
      return { name, figures, share: costUsd === 0 ? null : figures.costUsd / costUsd };
    })
    .toSorted((a, b) => b.figures.costUsd - a.figures.costUsd || b.figures.modelCalls - a.figures.modelCalls);
}
