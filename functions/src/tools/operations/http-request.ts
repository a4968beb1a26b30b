import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { JsonValue, type Json } from '#core/json.ts';
import { isDeeperThan, MAX_DEPTH } from '#core/normalise.ts';
import { redactor } from '#core/redact/redact.ts';
import { writtenWords } from '#language/playbook/written-words.ts';
import type { HttpResponse } from '#ports/http.ts';
import { failureCodeOf, retryAfterMs } from '#ports/http-failure.ts';
import { OWN_SECRET_NAMES, type Secrets } from '#ports/secrets.ts';
import { defineTool, type ToolContext } from '../tool.ts';

const SECRET_REFERENCE = /secret:\/\/([A-Z][A-Z0-9_]*)/g;
const SHOWN_CHARS = 500;

/** The product's own secrets are never sent by a tool whose input can contain data. */
const ownSecrets: ReadonlySet<string> = new Set(OWN_SECRET_NAMES);

/** Calls any HTTP API. */
export const httpRequest = defineTool({
  name: 'httpRequest',
  summary:
    'Calls an HTTP API; a header can contain secret://NAME, and the same call always sends the same Idempotency-Key.',
  effect: 'keyed',
  input: z.strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    url: z.url({ protocol: /^https?$/ }),
    /** `secret://NAME` in a value is replaced by that secret during the call; the secret is never recorded. */
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not the name of a header'), z.string())
      .default({}),
    /** A text is sent unchanged, anything else as JSON. */
    body: JsonValue.optional(),
    /** The successful statuses; 200 to 299 by default. */
    expectStatus: z.union([z.number().int(), z.array(z.number().int()).min(1)]).optional(),
    timeoutMs: z.number().int().min(100).max(120_000).default(30_000),
  }),
  output: z.object({
    status: z.number().int(),
    headers: z.record(z.string(), z.string()),
    /** Parsed if the answer is JSON, otherwise text. */
    body: JsonValue,
    /** Why the body is text although the answer declares JSON; absent without such a problem. */
    bodyProblem: z.string().exactOptional(),
    durationMs: z.number(),
  }),
  example: {
    method: 'POST',
    url: 'https://api.example.com/v1/orders',
    headers: { authorization: 'Bearer secret://EXAMPLE_TOKEN' },
    body: { sku: 'A-1', quantity: 1 },
    expectStatus: [200, 201],
  },
  names: { address: 'url' },
  outsideWords(input) {
    const { method = 'GET', url = 'an address' } = Written.safeParse(input).data ?? {};
    return `An HTTP call: ${writtenWords(method)} ${writtenWords(url)}`;
  },
  async run({ method, url, headers, body, expectStatus, timeoutMs }, { ports, caller, idempotencyKey, signal, clock }) {
    for (const secret of Object.values(headers).flatMap(secretNames)) refuseSecret(secret, caller);
    const sent = await requestHeaders(headers, ports.secrets, idempotencyKey);
    const isText = typeof body === 'string';
    if (body !== undefined && !isText && !sent.has('content-type')) sent.set('content-type', 'application/json');
    const request = { method, url, headers: Object.fromEntries(sent), timeoutMs, signal };
    const text = isText ? body : JSON.stringify(body);
    const response = await ports.http.send(body === undefined ? request : { ...request, body: text });
    if (!isExpected(response.status, expectStatus)) {
      // Before the body is cut: a partial secret is no longer recognised.
      const body = redactor(() => ports.secrets.known()).text(response.body);
      throw unexpected({ ...response, body }, { method, url, expected: expectStatus, now: clock.now() });
    }
    return {
      status: response.status,
      headers: { ...response.headers },
      ...bodyOf(response),
      durationMs: response.durationMs,
    };
  },
});

/** The fields as written: those with an expression are text. */
const Written = z.looseObject({ method: z.string().default('GET'), url: z.string() });

/** The headers by lower-case name, so that none is sent twice in different cases. Throws `unconfigured` for a missing secret. */
async function requestHeaders(
  headers: Readonly<Record<string, string>>,
  secrets: Secrets,
  idempotencyKey: string,
): Promise<Map<string, string>> {
  const filled = new Map([['idempotency-key', idempotencyKey]]);
  for (const [name, value] of Object.entries(headers)) {
    const values = new Map<string, string>();
    for (const secret of secretNames(value)) values.set(secret, await secretNamed(secret, secrets));
    filled.set(
      name.toLowerCase(),
      value.replaceAll(SECRET_REFERENCE, (_, secret: string) => values.get(secret) ?? ''),
    );
  }
  return filled;
}

function secretNames(value: string): readonly string[] {
  return [...value.matchAll(SECRET_REFERENCE)].map(([, secret = '']) => secret);
}

/** A model can be manipulated into sending a secret anywhere, so it must not name any. */
function refuseSecret(name: string, caller: ToolContext['caller']): void {
  if (caller === 'agent') {
    throw new PlaybookError('rejected', `Only a playbook may name a secret; an agent named ${name}.`);
  }
  if (ownSecrets.has(name)) {
    throw new PlaybookError(
      'rejected',
      `The secret ${name} belongs to the playbook runner and must not be sent elsewhere.`,
    );
  }
}

async function secretNamed(name: string, secrets: Secrets): Promise<string> {
  const value = await secrets.get(name);
  if (value !== undefined) return value;
  throw new PlaybookError('unconfigured', `The secret ${name} that a header of httpRequest names is not set.`);
}

function isExpected(status: number, expected: number | readonly number[] | undefined): boolean {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly expected: number | readonly number[] | undefined;
  readonly now: Date;
}

function unexpected({ status, headers, body }: HttpResponse, { method, url, expected, now }: Asked): PlaybookError {
  const { origin, pathname } = new URL(url);
  const wanted = expected === undefined ? '200 to 299' : [expected].flat().join(' or ');
  return new PlaybookError(
    failureCodeOf(status),
    `${method} ${origin}${pathname} answered with status ${status} instead of ${wanted}.`,
    {
      details: { status, body: cut(body, SHOWN_CHARS) },
      retryAfterMs: retryAfterMs(headers['retry-after'], now),
    },
  );
}

interface ReadBody {
  readonly body: Json;
  readonly bodyProblem?: string;
}

/** A body that cannot be stored as JSON stays complete as text, with the reason: the call has had its effect, so it must not fail now. */
function bodyOf({ headers, body }: HttpResponse): ReadBody {
  if (!/[/+]json\b/i.test(headers['content-type'] ?? '') || body.trim() === '') return { body };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return { body, bodyProblem: `The answer declares JSON, but ${placeOf(error)}.` };
  }
  // The body is one level deep in the output.
  if (isDeeperThan(MAX_DEPTH - 1, parsed)) {
    const bodyProblem = `The answer is JSON that nests deeper than ${MAX_DEPTH - 1} levels, so it is kept as text.`;
    return { body, bodyProblem };
  }
  const json = JsonValue.safeParse(parsed);
  if (json.success) return { body: json.data };
  return { body, bodyProblem: 'The answer is JSON with a number that is too large, so it is kept as text.' };
}

function placeOf(error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? 'it ends too early' : `it is invalid at character ${Number(position) + 1}`;
}
