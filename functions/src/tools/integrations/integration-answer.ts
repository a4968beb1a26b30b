import { cut } from '#core/cut.ts';
import type { Integration } from '#language/settings/integrations.ts';
import { JsonValue, isJsonObject, type Json } from '#core/json.ts';
import { valueAt } from '#core/json-path.ts';
import type { HttpResponse } from '#ports/http.ts';

const SHOWN_CHARS = 120;

/**
 * What is wrong with an answer, as a sentence; undefined if it is correct. A status alone proves little: login pages and
 * errors can also have status 200, so the content type, the expected values and signs of an error are checked.
 */
export function answerProblem(
  { status, headers, body }: HttpResponse,
  expect: Integration['expect'],
  method: string,
): string | undefined {
  if (status === 401 || status === 403) return `It refuses our credentials (status ${status}); renew the secret.`;
  if (status === 429) return 'It refuses to answer because there are too many requests (status 429).';
  if (!expect.status.includes(status)) {
    return `It answered with status ${status} instead of ${expect.status.join(' or ')}.`;
  }
  if (method === 'HEAD' || status === 204) return undefined;
  const type = mediaTypeOf(headers['content-type'] ?? '');
  if (!isType(type, expect.contentType)) {
    return `It answered with status ${status} but ${type || 'no content type'} instead of ${expect.contentType}, perhaps a login or error page.`;
  }
  if (!isType(type, 'application/json')) return undefined;
  const json = parsed(body);
  if (json === undefined) return `It answered with status ${status} but its body is not JSON.`;
  return errorIn(json) ?? differenceIn(json, expect.body);
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Treats `application/problem+json` as JSON. */
function isType(type: string, wanted: string): boolean {
  return type === wanted.toLowerCase() || (wanted === 'application/json' && type.endsWith('+json'));
}

function parsed(body: string): Json | undefined {
  try {
    return JsonValue.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** Signs of an error in an answer with status 200. */
function errorIn(json: Json): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const { error, errors, ok, success, status } = json;
  const failed =
    (error !== undefined && error !== null && error !== false && error !== '' && error !== 0) ||
    (Array.isArray(errors) && errors.length > 0) ||
    ok === false ||
    success === false ||
    (typeof status === 'string' && /^(error|fail|failed|failure|down|unavailable)$/i.test(status));
  return failed ? `It answered with status 200 but its body reports a failure: ${shown(json)}` : undefined;
}

function differenceIn(json: Json, expected: Integration['expect']['body']): string | undefined {
  for (const [path, wanted] of Object.entries(expected)) {
    const found = valueAt(json, path);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      return `It answered, but ${path} is ${found === undefined ? 'missing' : shown(found)} instead of ${shown(wanted)}.`;
    }
  }
  return undefined;
}

function shown(json: Json): string {
  return cut(JSON.stringify(json), SHOWN_CHARS);
}
