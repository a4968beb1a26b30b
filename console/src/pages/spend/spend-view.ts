import type { SpendDay } from '#records/figures/spend.ts';
import type { SpendWish } from './spend-wish.ts';

/** Everything that the page of the spend shows. */
export interface SpendView {
  /** The last one is today, UTC. */
  readonly days: readonly SpendDay[];
  /** As many days before them, where they were read. */
  readonly before: readonly SpendDay[] | undefined;
  readonly wish: SpendWish;
  /** The daily budget; undefined: none is set. */
  readonly perDayUsd: number | undefined;
  /** Some of it belongs to the simulated past of the demo company. */
  readonly isSimulated: boolean;
  /** The names of playbooks by their ids, as far as they are known. */
  readonly playbookNames: ReadonlyMap<string, string>;
}

/** A member of a group as people read it: of a playbook its name, where it is known. */
export function shownName({ playbookNames }: Pick<SpendView, 'playbookNames'>, group: string, name: string): string {
  return group === 'playbooks' ? (playbookNames.get(name) ?? name) : name;
}
