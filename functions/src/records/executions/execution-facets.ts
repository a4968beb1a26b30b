import type { Execution, FailedExecution } from '#engine/record/execution.ts';

const MAX_WORDS = 40;
const FEWEST_CHARS = 2;
const MOST_CHARS = 40;
/** An error may be long; text beyond this limit is not searchable. */
const MAX_TEXT_CHARS = 4_000;

type Named = Pick<Execution, 'id' | 'playbookName' | 'agents' | 'labels'>;

/** The parts of an execution that make it searchable: its header, and its failure if it has one. */
export type FacetSource =
  | (Named & { readonly status: 'running' | 'waiting' | 'succeeded' | 'skipped' })
  | (Named & Pick<FailedExecution, 'error' | 'failure' | 'failedStep'> & { readonly status: 'failed' | 'cancelled' });

/** Filters in addition to the execution's own fields. */
export interface FacetFilter {
  readonly agent?: string | undefined;
  /** `key=value` */
  readonly label?: string | undefined;
  /** Words, all of which must occur. */
  readonly text?: string | undefined;
}

/**
 * The search terms of an execution: `agent:linus`, `label:team=growth`, `failure:timeout`, and `word:…` for at most 40
 * different words of its playbook's name, its id, its failed step and its error. Stored with the execution.
 */
export function facetsOf(execution: FacetSource): string[] {
  const { id, playbookName, agents, labels } = execution;
  const said = 'failure' in execution ? [execution.failedStep ?? '', execution.error] : [];
  const words = wordsOf([playbookName, id, ...said].join(' ')).slice(0, MAX_WORDS);
  return [
    ...agents.map(agentFacet),
    ...Object.entries(labels).map(([key, value]) => labelFacet(`${key}=${value}`)),
    ...('failure' in execution ? [`failure:${execution.failure.code}`] : []),
    ...words.map((word) => `word:${word}`),
  ];
}

/**
 * The facets that an execution must have to be found, the most selective first. Words of one character or more than 40 are
 * ignored; a text that consists only of these finds nothing.
 */
export function wantedFacets({ agent, label, text }: FacetFilter): string[] {
  const words = text === undefined ? [] : wordsOf(text).toSorted((a, b) => b.length - a.length);
  const isUnfindable = text !== undefined && text.trim() !== '' && words.length === 0;
  return [
    ...(isUnfindable ? ['word:'] : words.map((word) => `word:${word}`)),
    ...(label === undefined ? [] : [labelFacet(label)]),
    ...(agent === undefined ? [] : [agentFacet(agent)]),
  ];
}

function agentFacet(agent: string): string {
  return `agent:${agent}`;
}

function labelFacet(label: string): string {
  return `label:${label}`;
}

/** The different words of a text in order: letters and digits of any script, in lower case. */
function wordsOf(text: string): string[] {
  const plain = text.slice(0, MAX_TEXT_CHARS).normalize('NFKC').toLowerCase();
  const words = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter(({ length }) => length >= FEWEST_CHARS && length <= MOST_CHARS);
}
