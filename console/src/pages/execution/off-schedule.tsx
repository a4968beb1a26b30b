import type { Execution } from '#engine/record/execution.ts';
import { Badge } from '#console/view/elements/status.tsx';

/** Says of an execution that its playbook was not due at its slot, and how that comes. Nothing where it was. */
export const OffSchedule = ({ execution }: { execution: Pick<Execution, 'offSchedule'> }) =>
  execution.offSchedule === true ? (
    <p class="hint" id="off-schedule">
      <Badge tone="warn" sign="!">
        off schedule
      </Badge>{' '}
      The playbook was not due at this slot by its own schedule: its job in Cloud Scheduler has another cron expression
      or time zone, or somebody delivered this slot by hand. <code>npm run schedulers -- --dry-run</code> shows what
      differs.
    </p>
  ) : null;
