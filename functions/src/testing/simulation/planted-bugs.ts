/** A bug: in this file, the text is replaced. */
export interface PlantedBug {
  readonly name: string;
  /** Below `functions/src`. */
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** Bugs of the kinds that would break the promises of the engine; the simulation has to find each of them. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'no look at the owner after a read',
    file: 'engine/journal/fenced-writer.ts',
    text: "if (stored.lease.owner !== owner) throw leaseLost('another runner has taken it over');",
    replacement: '',
  },
  {
    name: 'the nonce ignored',
    file: 'engine/journal/fenced-writer.ts',
    text: 'return stored.lease.nonce === nonce;',
    replacement: 'return nonce.length > 0;',
  },
  {
    name: 'one pending effect for all branches',
    file: 'engine/flow/run-branches.ts',
    text: 'const branch: Branch = { effectPending: run.branch.effectPending };',
    replacement: 'const branch: Branch = run.branch;',
  },
  {
    name: 'wakeAt not set',
    file: 'engine/journal/fenced-writer.ts',
    text: 'const wakeAt = new Date(clock.now().getTime() + outcome.lease.durationMs);',
    replacement: 'const wakeAt = execution.wakeAt ?? clock.now();',
  },
  {
    name: 'ended asked as "not running"',
    file: 'engine/record/execution.ts',
    text: "return execution.status !== 'running' && execution.status !== 'waiting';",
    replacement: "return execution.status !== 'running';",
  },
  {
    name: 'a live lease taken over',
    file: 'engine/claim/lease.ts',
    text: 'return !isGivenBack(lease) && seen.readAt <= leaseUntil(seen, lease);',
    replacement: 'return !isGivenBack(lease) && seen.readAt <= seen.updatedAt;',
  },
  {
    name: 'a recorded step run again',
    file: 'engine/flow/recorded-steps.ts',
    text: "if (record === undefined || record.status === 'running') return undefined;",
    replacement: "if (record === undefined || record.status !== 'failed') return undefined;",
  },
  {
    name: 'an iteration that overwrites its sibling',
    file: 'engine/flow/run-each.ts',
    text: 'const iteration = iterationOf(path, index);',
    replacement: 'const iteration = iterationOf(path, index % 2);',
  },
  {
    name: 'the lease kept while waiting',
    file: 'records/executions/execution-changes.ts',
    text: "...gone('lease', 'deadlineAt'),\n  ];\n}",
    replacement: "...gone('deadlineAt'),\n  ];\n}",
  },
  {
    name: "resumed with today's definition",
    file: 'engine/pinned-playbook.ts',
    text: 'if (execution.version === known?.version)',
    replacement: 'if (known !== undefined)',
  },
];
