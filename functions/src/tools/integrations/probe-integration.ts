import { filledHeaders, secretNamesIn, type Integration } from '#language/settings/integrations.ts';
import type { Clock } from '#core/clock.ts';
import { durationMs } from '#core/duration.ts';
import type { Band } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import type { HttpClient, HttpResponse } from '#ports/http.ts';
import type { Secrets } from '#ports/secrets.ts';
import { answerProblem } from './integration-answer.ts';

/** Pauses before the attempts of one probe: a brief network failure is not an outage. */
const PAUSES_BEFORE_TRIES_MS = [0, 1_000, 3_000];
const MAX_BODY_BYTES = 1_000_000;

/** The dependencies of a probe. */
export interface ProbeContext {
  readonly http: HttpClient;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For one attempt. */
  readonly timeoutMs: number;
}

/** The state of an integration. `degraded`: its answer is correct, but exceeds its latency bounds. */
export interface Probe {
  readonly status: 'online' | 'degraded' | 'offline' | 'unconfigured';
  /** The latency of the last answer; null without one. */
  readonly latencyMs: number | null;
  /** The latency's band by the bounds of the integration; unknown without a correct answer. */
  readonly band: Band;
  /** What is wrong, as a sentence; null if nothing is. */
  readonly error: string | null;
  readonly tries: number;
}

/**
 * Checks an integration. Never throws because of the other side; after a network failure or a server error, it tries again
 * after 1 and 3 seconds, but not after a refusal (401, 403) or a wrong answer. Rejects when the signal aborts.
 */
export async function probeIntegration(integration: Integration, context: ProbeContext): Promise<Probe> {
  const headers = await filledIn(integration.headers, context.secrets);
  if ('problem' in headers) {
    const error = `${headers.problem} ${integration.name} was not called.`;
    return { status: 'unconfigured', latencyMs: null, band: 'unknown', error, tries: 0 };
  }
  let tries = 0;
  for (;;) {
    const pauseMs = PAUSES_BEFORE_TRIES_MS[tries] ?? 0;
    if (pauseMs > 0) await context.clock.sleep(pauseMs, context.signal);
    tries += 1;
    const answer = await ask(integration, headers.headers, context);
    const last = tries >= PAUSES_BEFORE_TRIES_MS.length;
    if (answer.problem === undefined) return answering(integration, answer.latencyMs, tries);
    if (last || !answer.again) {
      return { status: 'offline', latencyMs: answer.latencyMs, band: 'unknown', error: answer.problem, tries };
    }
  }
}

type Asked =
  | { readonly problem: undefined; readonly latencyMs: number }
  | { readonly problem: string; readonly again: boolean; readonly latencyMs: number | null };

async function ask(
  { method, url, body, expect }: Integration,
  headers: Readonly<Record<string, string>>,
  { http, secrets, timeoutMs, signal }: ProbeContext,
): Promise<Asked> {
  let response: HttpResponse;
  try {
    const request = { method, url, headers, timeoutMs, signal, maxBytes: MAX_BODY_BYTES };
    response = await http.send(body === undefined ? request : { ...request, body });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof PlaybookError)) throw error;
    const again = error.code === 'unavailable' || error.code === 'timeout';
    return { problem: error.message, again, latencyMs: null };
  }
  // Before the problem quotes the beginning of the body: a partial secret is no longer recognised.
  const shown = redactor(() => secrets.known()).text(response.body);
  const problem = answerProblem({ ...response, body: shown }, expect, method);
  if (problem === undefined) return { problem, latencyMs: response.durationMs };
  return { problem, again: response.status >= 500, latencyMs: response.durationMs };
}

function answering({ latency }: Integration, latencyMs: number, tries: number): Probe {
  const band = latencyMs < durationMs(latency.ok) ? 'ok' : latencyMs > durationMs(latency.alert) ? 'alert' : 'warn';
  return { status: band === 'ok' ? 'online' : 'degraded', latencyMs, band, error: null, tries };
}

/** The headers with their secrets filled in, or why that is impossible: a secret is not set, or cannot be used. */
async function filledIn(
  headers: Readonly<Record<string, string>>,
  secrets: Secrets,
): Promise<{ readonly headers: Readonly<Record<string, string>> } | { readonly problem: string }> {
  const names = secretNamesIn(headers);
  let values: ReadonlyMap<string, string | undefined>;
  try {
    values = new Map(await Promise.all(names.map(async (name) => [name, await secrets.get(name)] as const)));
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'unconfigured') throw thrown;
    return { problem: thrown.message };
  }
  const missing = names.filter((name) => values.get(name) === undefined);
  if (missing.length > 0) return { problem: `The secret ${missing.join(' and ')} is not set.` };
  return { headers: filledHeaders(headers, (name) => values.get(name) ?? '') };
}
