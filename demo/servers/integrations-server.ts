import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { demoHeaders } from '#tools/integrations/demo-integrations.ts';
import type { Integration, Integrations } from '#language/settings/integrations.ts';
import { type Json, type JsonObject, isJsonObject } from '#core/json.ts';
import { readStates, statesFile, type IntegrationState } from './integration-states.ts';

/** Beyond the alert threshold, within the timeout of a probe. */
const SLOW_MS = 2_500;

/** What an integration does with one request. */
export interface Behaviour {
  readonly state: IntegrationState;
  /** How long it takes to answer. */
  readonly latencyMs: number;
  /** Its answer while it is off. */
  readonly error: string;
}

/** All integrations of the demo company, behind one address. */
export interface IntegrationsServer {
  /** `http://127.0.0.1:PORT`: the value of PLAYBOOK_DEMO_URL. */
  readonly url: string;
  /** `127.0.0.1:PORT`: what HTTP_ALLOW_PRIVATE must list. */
  readonly hostPort: string;
  close(): Promise<void>;
}

/**
 * Answers at `/integrations/{id}` like each integration would: with the expected status, type and values, after a short
 * time, and only to callers with the demo credentials. What is off or slow is read from the data directory at every
 * request, unless `behaviourOf` decides it. Rejects if the port is taken.
 */
export async function startIntegrationsServer(
  integrations: Integrations,
  options: { readonly port: number } & (
    { readonly dataDirectory: string } | { readonly behaviourOf: (integration: Integration) => Behaviour }
  ),
): Promise<IntegrationsServer> {
  const byId = new Map(integrations.integrations.map((integration) => [integration.id, integration]));
  const behaviourOf = 'behaviourOf' in options ? options.behaviourOf : switchedIn(statesFile(options.dataDirectory));
  const server = createServer((request, response) => {
    void answer(request, response, byId, behaviourOf);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    hostPort: `127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  byId: ReadonlyMap<string, Integration>,
  behaviourOf: (integration: Integration) => Behaviour,
): Promise<void> {
  request.resume();
  const id = /^\/integrations\/([a-z0-9_]+)$/.exec(request.url ?? '')?.[1] ?? '';
  const integration = byId.get(id);
  if (integration === undefined) return reply(response, 404, { error: `Unknown integration '${id}'.` });
  const { state, latencyMs, error } = behaviourOf(integration);
  await delay(latencyMs);
  if (state === 'off') return reply(response, 503, { error });
  if (request.method !== integration.method)
    return reply(response, 405, { error: `Only ${integration.method} is allowed.` });
  if (!hasCredentials(request, integration)) return reply(response, 401, { error: 'Invalid credentials.' });
  const { status, contentType, body } = integration.expect;
  response.setHeader('content-type', contentType);
  response.writeHead(status[0] ?? 200);
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(bodyWith(body)));
}

function reply(response: ServerResponse, status: number, body: JsonObject): void {
  response.setHeader('content-type', 'application/json');
  response.writeHead(status);
  response.end(JSON.stringify(body));
}

function hasCredentials(request: IncomingMessage, { headers }: Integration): boolean {
  return Object.entries(demoHeaders(headers)).every(([name, value]) => request.headers[name.toLowerCase()] === value);
}

function switchedIn(file: string): (integration: Integration) => Behaviour {
  return ({ id, name }) => {
    const state = readStates(file)[id] ?? 'on';
    const error = `${name} is switched off. Switch it on: npm run demo -- integration ${id} on`;
    return { state, latencyMs: state === 'slow' ? SLOW_MS : usualLatencyMs(id), error };
  };
}

/** A time between 15 and 140 ms, always the same for the same integration. */
export function usualLatencyMs(id: string): number {
  return 15 + (Buffer.from(id).reduce((sum, letter) => (sum * 31 + letter) % 9973, 7) % 126);
}

/** A body with every expected value at its dotted path; a number in a path is an index in a list. */
function bodyWith(expected: Readonly<Record<string, Json>>): Json {
  return Object.entries(expected).reduce<Json>((body, [path, value]) => withValue(body, path.split('.'), value), {});
}

function withValue(into: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value;
  if (/^\d+$/.test(name)) {
    const list = Array.isArray(into) ? into : [];
    return [...list.slice(0, Number(name)), withValue(list[Number(name)] ?? null, rest, value)];
  }
  const map = isJsonObject(into) ? into : {};
  return { ...map, [name]: withValue(map[name] ?? null, rest, value) };
}
