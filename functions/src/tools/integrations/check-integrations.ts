import { z } from 'zod';
import { Band } from '#engine/record/execution.ts';
import { suggestionFor } from '#core/nearest.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Integration } from '#language/settings/integrations.ts';
import { inParallel } from '../in-parallel.ts';
import { rememberProbes } from './integration-history.ts';
import { probeIntegration } from './probe-integration.ts';
import { defineTool } from '../tool.ts';

const PARALLEL_PROBES = 5;

const Named = { id: z.string(), name: z.string(), group: z.string() };

const Checked = z.object({
  ...Named,
  status: z.enum(['online', 'degraded', 'offline', 'unconfigured']),
  latencyMs: z.number().nullable(),
  band: Band,
  error: z.string().nullable(),
  tries: z.number().int(),
  lastSuccessAt: z.string().nullable(),
  /** Since the last passed check, including this one; null if it never passed. */
  minutesSinceSuccess: z.number().nullable(),
  consecutiveFailures: z.number().int(),
});
type Checked = z.infer<typeof Checked>;

const Group = z.object({
  group: z.string(),
  checked: z.number().int(),
  online: z.number().int(),
  offline: z.number().int(),
  slowestMs: z.number().nullable(),
});

/** The state of the external integrations. */
export const checkIntegrations = defineTool({
  name: 'checkIntegrations',
  summary:
    'Checks every external integration: which are online, offline or without credentials, their latency and last success.',
  effect: 'none',
  input: z.strictObject({
    /** For one attempt; after network failures there are up to three. */
    timeoutMs: z.number().int().min(100).max(30_000).default(5_000),
    /** Only these groups; all by default. */
    groups: z.array(z.string()).min(1).optional(),
  }),
  output: z.object({
    checkedAt: z.string(),
    /** The number of listed integrations, including those without credentials, which are neither online nor offline. */
    checked: z.number().int(),
    /** All with a correct answer, including slow ones. */
    online: z.array(z.object({ ...Named, latencyMs: z.number().nullable() })),
    offline: z.array(z.object({ ...Named, latencyMs: z.number().nullable(), error: z.string() })),
    unconfigured: z.array(z.object({ ...Named, error: z.string() })),
    /** Those that answer, but exceed their latency bounds. */
    degraded: z.array(z.object({ ...Named, latencyMs: z.number().nullable(), band: Band })),
    /** Whether every listed integration gives a correct answer. */
    allOnline: z.boolean(),
    /** The longest latency of those online; null if none is. */
    slowestMs: z.number().nullable(),
    /** The longest time since a success, of those that ever had one; null if none had. */
    oldestSuccessMinutes: z.number().nullable(),
    byGroup: z.array(Group),
    integrations: z.array(Checked),
  }),
  example: { timeoutMs: 5000 },
  async run({ timeoutMs, groups }, { ports, clock, signal }) {
    const { integrations } = await ports.settings.integrations();
    const listed = chosen(integrations, groups);
    const context = { http: ports.http, secrets: ports.secrets, clock, signal, timeoutMs };
    const probed = await inParallel(listed, PARALLEL_PROBES, async (integration) => ({
      integration,
      probe: await probeIntegration(integration, context),
    }));
    const now = clock.now();
    const remembered = await rememberProbes(ports.documents, probed, now);
    const checked = remembered.map((one) => described(one, now));
    return { checkedAt: now.toISOString(), ...summaryOf(checked), byGroup: groupsOf(checked), integrations: checked };
  },
});

/** Throws `input_invalid` for a group without external integrations. */
function chosen(integrations: readonly Integration[], groups: readonly string[] | undefined): readonly Integration[] {
  const external = integrations.filter(({ kind }) => kind === 'external');
  if (groups === undefined) return external;
  const known = new Set(external.map(({ group }) => group));
  const unknown = groups.find((group) => !known.has(group));
  if (unknown !== undefined) {
    const hint = suggestionFor(unknown, known) ?? 'playbooks/integrations.yaml lists no external integration.';
    throw new PlaybookError('input_invalid', `The group '${unknown}' has no external integrations. ${hint}`);
  }
  return external.filter(({ group }) => groups.includes(group));
}

function described(
  { integration, probe, history }: Awaited<ReturnType<typeof rememberProbes>>[number],
  now: Date,
): Checked {
  const { id, name, group } = integration;
  const { lastSuccessAt, consecutiveFailures } = history;
  const silentMs = lastSuccessAt === null ? null : Math.max(0, now.getTime() - lastSuccessAt.getTime());
  return {
    id,
    name,
    group,
    ...probe,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    minutesSinceSuccess: silentMs === null ? null : silentMs / 60_000,
    consecutiveFailures,
  };
}

function summaryOf(checked: readonly Checked[]) {
  const online = checked.filter(isOnline);
  const pick = ({ id, name, group, latencyMs }: Checked) => ({ id, name, group, latencyMs });
  return {
    checked: checked.length,
    online: online.map(pick),
    offline: checked
      .filter(({ status }) => status === 'offline')
      .map((one) => ({ ...pick(one), error: one.error ?? 'It did not answer.' })),
    unconfigured: checked
      .filter(({ status }) => status === 'unconfigured')
      .map(({ id, name, group, error }) => ({ id, name, group, error: error ?? 'Its credentials are not set.' })),
    degraded: checked.filter(({ status }) => status === 'degraded').map((one) => ({ ...pick(one), band: one.band })),
    allOnline: checked.length > 0 && online.length === checked.length,
    slowestMs: longest(online.map(({ latencyMs }) => latencyMs)),
    oldestSuccessMinutes: longest(checked.map(({ minutesSinceSuccess }) => minutesSinceSuccess)),
  };
}

function groupsOf(checked: readonly Checked[]): z.infer<typeof Group>[] {
  return [...Map.groupBy(checked, ({ group }) => group)].map(([group, members]) => ({
    group,
    checked: members.length,
    online: members.filter(isOnline).length,
    offline: members.filter(({ status }) => status === 'offline').length,
    slowestMs: longest(members.filter(isOnline).map(({ latencyMs }) => latencyMs)),
  }));
}

function isOnline({ status }: Checked): boolean {
  return status === 'online' || status === 'degraded';
}

function longest(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? null : Math.max(...numbers);
}
