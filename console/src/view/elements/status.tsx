import type { Band, CriterionResult, Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { RunnerSilence } from '#records/executions/runner-silence.ts';

/** What a colour means, everywhere in the console. */
export type Tone = 'ok' | 'warn' | 'alert' | 'unknown' | 'running' | 'quiet';

const STATUS: Readonly<Record<Execution['status'], { tone: Tone; sign: string }>> = {
  running: { tone: 'running', sign: '▸' },
  waiting: { tone: 'quiet', sign: '…' },
  succeeded: { tone: 'ok', sign: '✓' },
  failed: { tone: 'alert', sign: '✕' },
  cancelled: { tone: 'quiet', sign: '■' },
  skipped: { tone: 'quiet', sign: '–' },
};

const BANDS: Readonly<Record<Band, { tone: Tone; sign: string }>> = {
  ok: { tone: 'ok', sign: '✓' },
  warn: { tone: 'warn', sign: '!' },
  alert: { tone: 'alert', sign: '✕' },
  unknown: { tone: 'unknown', sign: '?' },
};

/** A word with its colour and a sign, so that nobody needs to tell colours apart. */
export const Badge = ({ tone, sign, children }: { tone: Tone; sign?: string; children: string }) => (
  <span class={`badge ${tone}`}>
    {sign === undefined ? null : <span aria-hidden="true">{sign} </span>}
    {children}
  </span>
);

/** A status by itself, as the record has it. */
export const StatusBadge = ({ status }: { status: Execution['status'] }) => <Badge {...STATUS[status]}>{status}</Badge>;

/** How a step stands; of one that was under way when its runner fell silent nobody knows. */
export const StepBadge = ({ status, isStill }: { status: StepRecord['status']; isStill: boolean }) =>
  status === 'running' && isStill ? (
    <Badge tone="unknown" sign="?">
      silent
    </Badge>
  ) : (
    <StatusBadge status={status} />
  );

/** An execution as it was seen: of one that runs, whether its runner is silent. */
type Seen =
  | { readonly status: Exclude<Execution['status'], 'running'> }
  | ({ readonly status: 'running' } & Pick<RunnerSilence, 'silentSince' | 'pastDeadline'>);

/** How an execution stands; one whose runner is silent does not run, whatever its status says. */
export const SeenBadge = ({ execution }: { execution: Seen }) =>
  execution.status === 'running' && execution.silentSince !== null ? (
    <Badge tone={execution.pastDeadline ? 'alert' : 'warn'} sign="!">
      silent
    </Badge>
  ) : (
    <StatusBadge status={execution.status} />
  );

/** How a measured value is. */
export const BandBadge = ({ band }: { band: Band }) => <Badge {...BANDS[band]}>{band}</Badge>;

/** The colour of a status. */
export function statusTone(status: Execution['status']): Tone {
  return STATUS[status].tone;
}

/** The colour of a band. */
export function bandTone(band: Band): Tone {
  return BANDS[band].tone;
}

/** How many criteria are in each band, the worst first. */
export const BandCounts = ({ criteria }: { criteria: readonly CriterionResult[] }) => {
  const bands: readonly Band[] = ['alert', 'warn', 'unknown', 'ok'];
  const counts = bands
    .map((band) => ({ band, count: criteria.filter((criterion) => criterion.band === band).length }))
    .filter(({ count }) => count > 0);
  return (
    <span class="bands">
      {counts.map(({ band, count }) => (
        <Badge {...BANDS[band]}>{`${count} ${band}`}</Badge>
      ))}
    </span>
  );
};
