import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** A number in the data, its path, and its words. */
export interface Fact {
  readonly path: string;
  readonly words: string;
  readonly format: '' | '|int' | '|usd' | '|percent';
  /** The path of the same number in the window before. */
  readonly before: string | undefined;
}

/** A list in the data whose items have names. */
export interface NamedList {
  readonly path: string;
  readonly name: string;
  readonly hasErrors: boolean;
}

/** What is worth reporting. */
export interface Facts {
  readonly facts: Fact[];
  readonly lists: NamedList[];
  /** The path of the title of the first finding of an earlier report. */
  readonly earlier: string[];
}

/** The figures worth reporting, the most telling first, with their words. */
const WORDS: Readonly<Record<string, string>> = {
  inactiveCustomers: 'Inactive customers',
  inactiveRate: 'Share of all customers',
  leftOut: 'Left out of the campaign',
  signups: 'Signups',
  conversionRate: 'Share of them paying',
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
/** What is worth reporting in the data: the most telling figures first, at most seven. */
export function factsIn(data: JsonObject): Facts {
  const found: Facts = { facts: [], lists: [], earlier: [] };
  visit(data, '', found);
  const order = Object.values(WORDS);
  const facts = found.facts.toSorted((a, b) => order.indexOf(a.words) - order.indexOf(b.words));
  const distinct = [...new Map(facts.toReversed().map((fact) => [fact.words, fact])).values()].toReversed();
  return { ...found, facts: distinct.slice(0, MOST_FACTS) };
}

function visit(value: JsonObject, path: string, found: Facts): void {
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

function visitList(items: readonly Json[], name: string, path: string, found: Facts): void {
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

/** The reference by which a text shows a number of the data. */
export function shown({ path, format }: Pick<Fact, 'path' | 'format'>): string {
  return `{{${path}${format}}}`;
}
