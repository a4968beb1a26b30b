import type { JsonObject } from '#core/json.ts';
import type { NamedList } from './model-facts.ts';

/** Something that somebody should do, as reports and answers list it. */
export interface Action extends JsonObject {
  readonly title: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly reason: string;
}

/** What the lists of the data ask for, each thing once, in their order. */
export function actionsFor(lists: readonly NamedList[]): Action[] {
  return lists
    .flatMap((list) => actionFor(list) ?? [])
    .filter(({ title }, index, all) => all.findIndex((other) => other.title === title) === index);
}

function actionFor({ path, name, hasErrors }: NamedList): Action | undefined {
  const who = `{{${path}.0.name}}`;
  switch (name) {
    case 'offline': {
      const reason = `It says: {{${path}.0.error}}`;
      return hasErrors ? { title: `Bring ${who} back`, priority: 'high', reason } : undefined;
    }
    case 'unconfigured':
      return action(`Renew the credentials of ${who}`, 'It cannot be asked how it is.');
    case 'degraded':
      return action(`Ask ${who} why it is slow`, 'It answers, but later than it should.');
    case 'customers':
    case 'drafts':
      return action(`Look at ${who} before the others`, `${who} stands at the top of the list.`);
    default:
      return undefined;
  }
}

function action(title: string, reason: string): Action {
  return { title, priority: 'normal', reason };
}
