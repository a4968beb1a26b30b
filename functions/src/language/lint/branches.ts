import type { ControlStepType } from '../playbook/step-type.ts';

/** What an expression at one place can read of the other steps. Both sets grow as the walk through the steps goes on. */
export interface Reach {
  /** The steps that have run. */
  readonly before: Set<string>;
  /** The steps that can never be read, and why. */
  readonly apart: Map<string, string>;
  /** Names that exist only here. */
  readonly extra: readonly string[];
}

/** The reach of the first step of a playbook. */
export function openReach(): Reach {
  return { before: new Set(), apart: new Map(), extra: [] };
}

/** What the blocks of a step can read, by the number of the block; `join` adds to `outside` what later steps can read. */
export interface BlockReaches {
  inside(block: number): Reach;
  join(): void;
}

/**
 * Blocks of which `one` runs read what stands above them; those that `all` run beside each other do not read one another;
 * what runs for `each` item is read by nobody outside, and knows its `item` and `index`. `ids` are the steps of each block.
 */
export function reachesOf(
  runs: ControlStepType['runs'],
  ids: readonly (readonly string[])[],
  outside: Reach,
): BlockReaches {
  if (runs === 'one') return { inside: () => outside, join: () => undefined };
  const own = ids.map((_, block): Reach => {
    const others = runs === 'all' ? ids.filter((__, other) => other !== block).flat() : [];
    return {
      before: new Set(outside.before),
      apart: new Map([...outside.apart, ...others.map((id) => [id, besideWords(id)] as const)]),
      extra: runs === 'each' ? [...outside.extra, 'item', 'index'] : outside.extra,
    };
  });
  return {
    inside: (block) => own[block] ?? outside,
    join() {
      for (const id of ids.flat()) {
        if (runs === 'all') outside.before.add(id);
        else outside.apart.set(id, onceForEachWords(id));
      }
    },
  };
}

function besideWords(id: string): string {
  return `The step '${id}' runs beside this one, in another branch, and cannot be read here; read it after the branches.`;
}

function onceForEachWords(id: string): string {
  return `The step '${id}' runs once for each item, and can be read only by the steps of the same item.`;
}
