import type { Child } from 'hono/jsx';
import { may, rolesThatMay, type Action } from '#console/access/roles.ts';
import type { ThreadView } from './thread-view.ts';

interface ForRoleProps {
  readonly view: ThreadView;
  readonly action: Action;
  /** Says who may, where the reader may not. */
  readonly explained?: boolean;
  readonly children: Child;
}

/** Shows its children to a role that may do this; to others nothing, or a line that says who may. */
export const ForRole = ({ view: { person }, action, explained, children }: ForRoleProps) => {
  if (may(person.role, action)) return <>{children}</>;
  if (explained !== true) return null;
  return (
    <p class="muted">
      Requires the role {rolesThatMay(action).join(' or ')}; yours is {person.role}.
    </p>
  );
};
