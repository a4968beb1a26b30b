import type { Execution } from '#engine/record/execution.ts';
import { Badge } from '#console/view/elements/status.tsx';

/** Says that the playbook of an execution was not due at its slot, and why that happens. Nothing where it was. */
export const OffSchedule = ({ execution }: { execution: Pick<Execution, 'offSchedule'> }) =>
  execution.offSchedule === true ? (
    <p class="hint" id="off-schedule">
      <Badge tone="warn" sign="!">
        off schedule
      </Badge>{' '}
      The schedule of the playbook does not include this slot: its Cloud Scheduler job has a different cron expression
      or time zone, or someone delivered this slot manually. <code>npm run schedulers -- --dry-run</code> shows the
      difference.
    </p>
  ) : null;
