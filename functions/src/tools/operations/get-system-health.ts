import { z } from 'zod';
import { Band } from '#engine/record/execution.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { CONTROL_PATH } from '#records/settings/control.ts';
import { inParallel } from '../in-parallel.ts';
import { rememberProbes, type Probed } from '../integrations/integration-history.ts';
import { probeIntegration, type Probe } from '../integrations/probe-integration.ts';
import { defineTool } from '../tool.ts';

const PARALLEL_PROBES = 5;
const DATABASE_OK_MS = 500;
const DATABASE_ALERT_MS = 2_000;

const System = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['online', 'degraded', 'offline', 'unconfigured']),
  latencyMs: z.number().nullable(),
  band: Band,
  error: z.string().nullable(),
});

/** The state of the systems that everything depends on. */
export const getSystemHealth = defineTool({
  name: 'getSystemHealth',
  summary: 'Checks the core systems: Firestore, and every integration of kind core (Auth, Letta, Claude, Gemini).',
  effect: 'none',
  input: z.strictObject({ timeoutMs: z.number().int().min(100).max(30_000).default(5_000) }),
  output: z.object({
    checkedAt: z.string(),
    systems: z.array(System),
    checked: z.number().int(),
    online: z.number().int(),
    degraded: z.number().int(),
    offline: z.number().int(),
    unconfigured: z.number().int(),
    /** The names of the offline systems. */
    offlineNames: z.array(z.string()),
    /** Whether every listed system gives a correct answer, even if slowly. */
    allOnline: z.boolean(),
    slowestMs: z.number().nullable(),
  }),
  example: { timeoutMs: 5000 },
  async run({ timeoutMs }, { ports, clock, signal }) {
    const { integrations } = await ports.settings.integrations();
    const core = integrations.filter(({ kind }) => kind === 'core');
    const context = { http: ports.http, secrets: ports.secrets, clock, signal, timeoutMs };
    const [database, probed] = await Promise.all([
      probeDatabase(ports.documents),
      inParallel(core, PARALLEL_PROBES, async (integration) => ({
        integration,
        probe: await probeIntegration(integration, context),
      })),
    ]);
    await rememberIfPossible(ports.documents, probed, clock.now());
    const asked = probed.map(({ integration: { id, name }, probe }) => ({ id, name, ...probe }));
    const systems = [{ id: 'firestore', name: 'Firestore', ...database }, ...asked].map(
      ({ id, name, status, latencyMs, band, error }) => ({ id, name, status, latencyMs, band, error }),
    );
    const having = (wanted: Probe['status']) => systems.filter(({ status }) => status === wanted);
    const answered = [...having('online'), ...having('degraded')];
    return {
      checkedAt: clock.now().toISOString(),
      systems,
      checked: systems.length,
      online: having('online').length,
      degraded: having('degraded').length,
      offline: having('offline').length,
      unconfigured: having('unconfigured').length,
      offlineNames: having('offline').map(({ name }) => name),
      allOnline: answered.length === systems.length,
      slowestMs: answered.length === 0 ? null : Math.max(...answered.map(({ latencyMs }) => latencyMs ?? 0)),
    };
  },
});

/** An unreachable database is a result of this tool, not a reason to fail. */
async function rememberIfPossible(documents: Documents, probed: readonly Probed[], now: Date): Promise<void> {
  try {
    await rememberProbes(documents, probed, now);
  } catch (error) {
    if (!(error instanceof DocumentsError)) throw error;
  }
}

/** Reads one small document. The monotonic timer only measures; it decides nothing that a test would have to control. */
async function probeDatabase(documents: Documents): Promise<Omit<Probe, 'tries'>> {
  const startedMs = performance.now();
  try {
    await documents.get(CONTROL_PATH);
  } catch (error) {
    if (!(error instanceof DocumentsError)) throw error;
    return { status: 'offline', latencyMs: null, band: 'unknown', error: error.message };
  }
  const latencyMs = Math.round(performance.now() - startedMs);
  const band = latencyMs < DATABASE_OK_MS ? 'ok' : latencyMs > DATABASE_ALERT_MS ? 'alert' : 'warn';
  return { status: band === 'ok' ? 'online' : 'degraded', latencyMs, band, error: null };
}
