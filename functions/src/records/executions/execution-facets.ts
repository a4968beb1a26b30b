import type { Execution } from '#engine/record/execution.ts';

const MAX_WORDS = 40;
const FEWEST_CHARS = 2;
const MOST_CHARS = 40;
/** An error may be long; what is said beyond this is not found. */
const MAX_TEXT_CHARS = 4_000;

type Named = Pick<Execution, 'id' | 'playbookName' | 'agents' | 'labels'>;

/** What of an execution tells how it may be found: its header, and its failure if it has one. */
export type FacetSource =
  | (Named & { readonly status: 'running' | 'succeeded' | 'skipped' })
  | (Named & Pick<Extract<Execution, { status: 'failed' }>, 'status' | 'error' | 'failure' | 'failedStep'>);

/** What executions are looked for by, beside the fields of their own. */
export interface FacetFilter {
  readonly agent?: string | undefined;
  /** `key=value` */
  readonly label?: string | undefined;
  /** Words, each of which must be there. */
  readonly text?: string | undefined;
}

/**
 * By what an execution is found, as texts: `agent:linus`, `label:team=growth`, `failure:timeout`, and `word:…` for at most
 * 40 different words of its playbook's name, its id, its failed step and its error. Kept beside the execution.
 */
export function facetsOf(execution: FacetSource): string[] {
  const { id, playbookName, agents, labels } = execution;
  const said = execution.status === 'failed' ? [execution.failedStep ?? '', execution.error] : [];
  const words = wordsOf([playbookName, id, ...said].join(' ')).slice(0, MAX_WORDS);
  return [
    ...agents.map(agentFacet),
    ...Object.entries(labels).map(([key, value]) => labelFacet(`${key}=${value}`)),
    ...(execution.status === 'failed' ? [`failure:${execution.failure.code}`] : []),
    ...words.map((word) => `word:${word}`),
  ];
}

/**
 * The facets that an execution must have to be found, the most telling first. Of a text, words of one character or more
 * than 40 are not looked for; a text of nothing else asks for what no execution has.
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

/** The different words of a text in its order: letters and digits of any script, in small letters. */
function wordsOf(text: string): string[] {
  const plain = text.slice(0, MAX_TEXT_CHARS).normalize('NFKC').toLowerCase();
  const words = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter(({ length }) => length >= FEWEST_CHARS && length <= MOST_CHARS);
}
