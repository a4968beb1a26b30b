import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { Documents, Where } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import { PLAYBOOKS } from '#records/playbooks/playbooks.ts';
import { inParallel } from '../in-parallel.ts';
import { shareOf, textAt } from '../platform/platform-data.ts';
import { defineTool } from '../tool.ts';

const MAX_PLAYBOOKS = 100;
const PARALLEL_PLAYBOOKS = 5;

const figures = {
  executions: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  running: z.number().int(),
  /** Of those that succeeded or failed; null if none did. */
  successRate: z.number().nullable(),
  /** Of those that succeeded or failed; null if none did. */
  averageMs: z.number().nullable(),
};

/** How the playbooks themselves perform. */
export const getExecutionStats = defineTool({
  name: 'getExecutionStats',
  summary: 'Executions of the last days: their number, success rate and duration, in total and by playbook.',
  effect: 'none',
  input: z.strictObject({ days: z.number().int().min(1).max(90).default(7) }),
  output: z.object({
    days: z.number().int(),
    since: z.string(),
    ...figures,
    /** At most 100 playbooks. */
    byPlaybook: z.array(z.object({ playbookId: z.string(), playbookName: z.string(), ...figures })),
  }),
  example: { days: 7 },
  async run({ days }, { ports: { documents }, clock }) {
    const since = new Date(clock.now().getTime() - days * DAY_MS);
    const started: Where = { field: 'startedAt', op: '>=', value: since };
    const [all, playbooks] = await Promise.all([
      figuresOf(documents, [started]),
      documents.query({ collection: PLAYBOOKS, limit: MAX_PLAYBOOKS }),
    ]);
    const byPlaybook = await inParallel(playbooks, PARALLEL_PLAYBOOKS, async ({ id, data }) => ({
      playbookId: id,
      playbookName: textAt(data, 'name'),
      ...(await figuresOf(documents, [{ field: 'playbookId', op: '==', value: id }, started])),
    }));
    return { days, since: since.toISOString(), ...all, byPlaybook };
  },
});

async function figuresOf(documents: Documents, where: readonly Where[]) {
  const having = (status: Execution['status'], sums: readonly string[] = []) =>
    documents.aggregate(
      { collection: EXECUTIONS, where: [...where, { field: 'status', op: '==', value: status }] },
      sums,
    );
  const [all, succeeded, failed, skipped, running] = await Promise.all([
    documents.aggregate({ collection: EXECUTIONS, where }),
    having('succeeded', ['duration']),
    having('failed', ['duration']),
    having('skipped'),
    having('running'),
  ]);
  const ended = succeeded.count + failed.count;
  return {
    executions: all.count,
    succeeded: succeeded.count,
    failed: failed.count,
    skipped: skipped.count,
    running: running.count,
    successRate: shareOf(succeeded.count, ended),
    averageMs: shareOf((succeeded.sums['duration'] ?? 0) + (failed.sums['duration'] ?? 0), ended),
  };
}
