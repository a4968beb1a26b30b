import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** What a language model would be asked for: a report, or an agent's answer. */
export type Asked = 'report' | 'answer';

/** A number of the data, where it stands, and in which words. */
interface Fact {
  readonly path: string;
  readonly words: string;
  readonly format: '' | '|int' | '|usd' | '|percent';
  /** Of the same number in the window before. */
  readonly before: string | undefined;
}

/** A list of the data whose items have names. */
interface NamedList {
  readonly path: string;
  readonly name: string;
  readonly hasErrors: boolean;
}

interface Found {
  readonly facts: Fact[];
  readonly lists: NamedList[];
  /** Where the title of the first finding of an earlier report stands. */
  readonly earlier: string[];
}

/** The figures that are worth telling, the most telling first, with the words for them. */
const WORDS: Readonly<Record<string, string>> = {
  inactiveCustomers: 'Inactive customers',
  inactiveRate: 'Share of all customers',
  leftOut: 'Left out of the campaign',
  signups: 'Signups',
  conversionRate: 'Of them paying',
  revenue: 'Revenue',
  orders: 'Orders',
  activeUsers: 'Active users',
  errorRate: 'Failed requests',
  criticalErrors: 'Critical errors',
  mrr: 'Recurring revenue',
  mrrGrowth: 'Growth against the week before',
  churnRate: 'Churn',
  churnedMrr: 'Lost to churn',
  expansion: 'Won by upsells',
  contraction: 'Lost to downgrades',
  atRiskCustomers: 'Customers at risk',
  totalCustomers: 'Customers',
  usedShare: 'API quota used',
  checked: 'Checked',
  online: 'Online',
};
const MOST_FACTS = 7;
const DEEPEST = 4;
const SHARE = /rate|share|growth/i;
const MONEY = /revenue|mrr|expansion|contraction/i;
const CALM = [
  'Nothing here needs anybody today. The figures move as they usually do on such a day.',
  'A quiet picture: everything that was looked at is where it should be.',
  'All in order. What moved, moved a little, and in no direction that would worry me.',
  'No surprises. Worth a look at the figures below, and then on with the day.',
] as const;
const SIGNATURE = '*Written by the stand-in for a language model that the demo brings along.*';

/**
 * An answer as a well-behaved language model would give it, as JSON: what matters first, every figure a reference into the
 * data, and a signature that says who wrote it. `turn` picks among the ways to say that all is well.
 */
export function writeAnswer(asked: Asked, data: JsonObject, turn: number): JsonObject {
  const found = searched(data);
  const offline = found.lists.find(({ name, hasErrors }) => name === 'offline' && hasErrors);
  const headline =
    offline === undefined
      ? (CALM[turn % CALM.length] ?? CALM[0])
      : `**{{${offline.path}.0.name}} does not answer.** It says: {{${offline.path}.0.error}}`;
  const actionItems = actionsFor(found);
  const markdown = [
    headline,
    ...earlierPart(found),
    ...figuresPart(found),
    ...actionsPart(actionItems),
    SIGNATURE,
  ].join('\n\n');
  if (asked === 'report') {
    const title = offline === undefined ? 'All in order' : `{{${offline.path}.0.name}} is offline`;
    return { title, markdown, actionItems };
  }
  return { report: markdown, findings: findingsOf(found, offline), actionItems };
}

function searched(data: JsonObject): Found {
  const found: Found = { facts: [], lists: [], earlier: [] };
  visit(data, '', found);
  const order = Object.values(WORDS);
  const facts = found.facts.toSorted((a, b) => order.indexOf(a.words) - order.indexOf(b.words));
  const distinct = [...new Map(facts.toReversed().map((fact) => [fact.words, fact])).values()].toReversed();
  return { ...found, facts: distinct.slice(0, MOST_FACTS) };
}

function visit(value: JsonObject, path: string, found: Found): void {
  const depth = path.split('.').length;
  for (const [name, item] of Object.entries(value)) {
    if (!/^\w+$/.test(name) || name === 'previous') continue;
    const at = path === '' ? name : `${path}.${name}`;
    const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
    if (typeof item === 'number' && words !== undefined) {
      found.facts.push({ path: at, words, format: formatOf(name, item), before: beforeOf(value, path, name) });
    }
    if (Array.isArray(item)) visitList(item, name, at, found);
    else if (isJsonObject(item) && depth < DEEPEST) visit(item, at, found);
  }
}

function visitList(items: readonly Json[], name: string, path: string, found: Found): void {
  const [first] = items;
  if (!isJsonObject(first)) return;
  if (name === 'findings' && typeof first['title'] === 'string') found.earlier.push(`${path}.0.title`);
  else if (typeof first['name'] === 'string') {
    found.lists.push({ path, name, hasErrors: typeof first['error'] === 'string' });
  }
}

function formatOf(name: string, value: number): Fact['format'] {
  if (SHARE.test(name)) return '|percent';
  if (MONEY.test(name)) return '|usd';
  return Number.isInteger(value) ? '|int' : '';
}

function beforeOf({ previous }: JsonObject, path: string, name: string): string | undefined {
  if (!isJsonObject(previous) || typeof previous[name] !== 'number') return undefined;
  return `${path === '' ? '' : `${path}.`}previous.${name}`;
}

function shown({ path, format }: Pick<Fact, 'path' | 'format'>): string {
  return `{{${path}${format}}}`;
}

function figuresPart({ facts }: Found): readonly string[] {
  if (facts.length === 0) return [];
  const rows = facts.map((fact) => {
    const before = fact.before === undefined ? '–' : shown({ path: fact.before, format: fact.format });
    return `| ${fact.words} | ${shown(fact)} | ${before} |`;
  });
  return ['## Figures', ['| | Now | Before |', '|---|---|---|', ...rows].join('\n')];
}

function earlierPart({ earlier }: Found): readonly string[] {
  return earlier.length === 0 ? [] : ['## What the others found', earlier.map((path) => `- {{${path}}}`).join('\n')];
}

interface Action extends JsonObject {
  readonly title: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly reason: string;
}

function actionsFor({ lists }: Found): Action[] {
  return lists
    .flatMap(({ path, name, hasErrors }): Action[] => {
      const who = `{{${path}.0.name}}`;
      if (name === 'offline' && hasErrors) {
        return [{ title: `Bring ${who} back`, priority: 'high', reason: `It says: {{${path}.0.error}}` }];
      }
      if (name === 'unconfigured') {
        return [
          { title: `Renew the credentials of ${who}`, priority: 'normal', reason: 'It cannot be asked how it is.' },
        ];
      }
      if (name === 'degraded') {
        return [
          { title: `Ask ${who} why it is slow`, priority: 'normal', reason: 'It answers, but later than it should.' },
        ];
      }
      if (name === 'customers' || name === 'drafts') {
        return [
          {
            title: `Look at ${who} before the others`,
            priority: 'normal',
            reason: `${who} stands at the top of the list.`,
          },
        ];
      }
      return [];
    })
    .filter(({ title }, index, all) => all.findIndex((other) => other.title === title) === index);
}

function actionsPart(actions: readonly Action[]): readonly string[] {
  if (actions.length === 0) return [];
  return ['## Action items', actions.map(({ title, reason }) => `- **${title}.** ${reason}`).join('\n')];
}

function findingsOf({ facts }: Found, offline: NamedList | undefined): Json[] {
  const down = offline && {
    title: `{{${offline.path}.0.name}} is offline`,
    detail: `It says: {{${offline.path}.0.error}}`,
    severity: 'critical',
  };
  const told = facts.slice(0, 2).map((fact) => ({
    title: `${fact.words}: ${shown(fact)}`,
    detail:
      fact.before === undefined
        ? 'There is nothing to compare it with.'
        : `Before: ${shown({ path: fact.before, format: fact.format })}`,
    severity: 'info',
  }));
  return down === undefined ? told : [down, ...told];
}
