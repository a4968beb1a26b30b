import { AuditAction } from '#records/audit/audit-entry.ts';
import { Text } from '#console/view/elements/text.tsx';
import { auditHref, type AuditWish } from './audit-wish.ts';

/** Where the words of the action are not those that people use. */
const NAMES: Partial<Record<AuditAction, string>> = {
  thread_payload_modified: 'thread content edited',
  control_changed: 'all playbooks paused or resumed',
  sign_in_refused: 'sign-in refused',
};

/** The filters as a form that changes the address. */
export const AuditFilters = ({ wish }: { wish: AuditWish }) => (
  <form class="filters" method="get" action="/audit" data-auto="">
    <label>
      Action
      <select name="action">
        <option value="">All actions</option>
        {AuditAction.options.map((action) => (
          <option value={action} selected={action === wish.action}>
            {NAMES[action] ?? action.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
    <label class="search">
      Person
      <input type="search" name="by" value={wish.by} placeholder="ada@example.com" autocomplete="off" />
    </label>
    {wish.target === undefined ? null : <input type="hidden" name="target" value={wish.target} />}
    <button>Filter</button>
    {wish.target === undefined ? null : <OnlyTarget wish={wish} target={wish.target} />}
  </form>
);

const OnlyTarget = ({ wish, target }: { wish: AuditWish; target: string }) => (
  <a class="button" href={auditHref({ ...wish, target: undefined, after: undefined })}>
    Only <Text value={target} max={40} /> <span aria-hidden="true">✕</span>
    <span class="unseen">(remove this filter)</span>
  </a>
);
