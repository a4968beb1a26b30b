import { ThreadKind } from '#records/threads/thread.ts';
import type { InboxWish } from './inbox-wish.ts';

/** The filters as a form that changes the address. */
export const InboxFilters = ({ wish, roles }: { wish: InboxWish; roles: readonly string[] }) => (
  <form class="filters" method="get" action="/inbox" data-auto="">
    <input type="hidden" name="state" value={wish.state} />
    <label>
      Kind
      <Choice name="kind" all="All kinds" options={ThreadKind.options} chosen={wish.kind} />
    </label>
    <label>
      Assigned to
      <Choice name="assignee" all="Anyone" options={withChosen(roles, wish.assignee)} chosen={wish.assignee} />
    </label>
    <button>Filter</button>
  </form>
);

const Choice = ({
  name,
  all,
  options,
  chosen,
}: {
  name: string;
  all: string;
  options: readonly string[];
  chosen: string | undefined;
}) => (
  <select name={name}>
    <option value="">{all}</option>
    {options.map((option) => (
      <option selected={option === chosen}>{option}</option>
    ))}
  </select>
);

/** A role that people.yaml no longer names stays chosen. */
function withChosen(roles: readonly string[], chosen: string | undefined): readonly string[] {
  return [...new Set([...roles, ...(chosen === undefined ? [] : [chosen])])];
}
