import type { Json, JsonObject } from '#core/json.ts';
import { actionsFor, type Action } from './model-actions.ts';
import { factsIn, shown, type Facts, type NamedList } from './model-facts.ts';

/** What a language model would be asked for: a report, or an agent's answer. */
export type Asked = 'report' | 'answer';

const CALM = [
  'Nothing needs attention today. The figures moved as usual for such a day.',
  'A quiet day: everything that was checked is as it should be.',
  'All OK. Changes are small, and none is worrying.',
  'No surprises. The figures below are worth a quick look.',
] as const;
const SIGNATURE = '*Written by the demo’s stand-in for a language model.*';

/**
 * An answer as a well-behaved language model would give it, as JSON: the most important first, every figure a reference
 * into the data, and a signature that says who wrote it. `turn` varies the way to say that all is well.
 */
export function writeAnswer(asked: Asked, data: JsonObject, turn: number): JsonObject {
  const found = factsIn(data);
  const offline = found.lists.find(({ name, hasErrors }) => name === 'offline' && hasErrors);
  const missing = Object.keys(data).filter((name) => data[name] === null);
  const headline = offline === undefined ? calmOr(missing, turn) : outage(offline);
  const actionItems = actionsFor(found.lists);
  const markdown = [
    headline,
    ...earlierPart(found),
    ...figuresPart(found),
    ...actionsPart(actionItems),
    SIGNATURE,
  ].join('\n\n');
  if (asked === 'report') {
    const calm = missing.length === 0 ? 'All OK' : 'Some checks failed';
    const title = offline === undefined ? calm : `{{${offline.path}.0.name}} is offline`;
    return { title, markdown, actionItems };
  }
  return { report: markdown, findings: findingsOf(found, offline), actionItems };
}

function outage({ path }: NamedList): string {
  return `**{{${path}.0.name}} failed its check.** The error: {{${path}.0.error}}`;
}

/** Nobody who could not look at everything can say that all is well. */
function calmOr(missing: readonly string[], turn: number): string {
  if (missing.length === 0) return CALM[turn % CALM.length] ?? CALM[0];
  return `**Not everything could be checked.** Missing: ${missing.join(', ').replaceAll('_', ' ')}.`;
}

function figuresPart({ facts }: Facts): readonly string[] {
  if (facts.length === 0) return [];
  const rows = facts.map((fact) => {
    const before = fact.before === undefined ? '–' : shown({ path: fact.before, format: fact.format });
    return `| ${fact.words} | ${shown(fact)} | ${before} |`;
  });
  return ['## Figures', ['| | Now | Before |', '|---|---|---|', ...rows].join('\n')];
}

function earlierPart({ earlier }: Facts): readonly string[] {
  return earlier.length === 0 ? [] : ['## What the others found', earlier.map((path) => `- {{${path}}}`).join('\n')];
}

function actionsPart(actions: readonly Action[]): readonly string[] {
  if (actions.length === 0) return [];
  return ['## Action items', actions.map(({ title, reason }) => `- **${title}.** ${reason}`).join('\n')];
}

function findingsOf({ facts }: Facts, offline: NamedList | undefined): Json[] {
  const down = offline && {
    title: `{{${offline.path}.0.name}} is offline`,
    detail: `The error: {{${offline.path}.0.error}}`,
    severity: 'critical',
  };
  const told = facts.slice(0, 2).map((fact) => ({
    title: `${fact.words}: ${shown(fact)}`,
    detail:
      fact.before === undefined
        ? 'No earlier figure to compare it with.'
        : `Before: ${shown({ path: fact.before, format: fact.format })}`,
    severity: 'info',
  }));
  return down === undefined ? told : [down, ...told];
}
