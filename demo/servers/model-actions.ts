import type { JsonObject } from '#core/json.ts';
import type { NamedList } from './model-facts.ts';

/** An action for people, as reports and answers list it. */
export interface Action extends JsonObject {
  readonly title: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly reason: string;
}

/** The actions that the lists in the data suggest, each once, in their order. */
export function actionsFor(lists: readonly NamedList[]): Action[] {
  return lists
    .flatMap((list) => actionFor(list) ?? [])
    .filter(({ title }, index, all) => all.findIndex((other) => other.title === title) === index);
}

function actionFor({ path, name, hasErrors }: NamedList): Action | undefined {
  const who = `{{${path}.0.name}}`;
  switch (name) {
    case 'offline': {
      const reason = `The error: {{${path}.0.error}}`;
      return hasErrors ? { title: `Bring ${who} back`, priority: 'high', reason } : undefined;
    }
    case 'unconfigured':
      return action(`Renew the credentials of ${who}`, 'Its state cannot be checked.');
    case 'degraded':
      return action(`Ask ${who} why it is slow`, 'It answers, but too late.');
    case 'customers':
    case 'drafts':
      return action(`Check ${who} first`, `${who} is at the top of the list.`);
    default:
      return undefined;
  }
}

function action(title: string, reason: string): Action {
  return { title, priority: 'normal', reason };
}
