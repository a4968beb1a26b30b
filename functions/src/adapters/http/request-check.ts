import { cut } from '#core/cut.ts';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { PlaybookError } from '#core/failure.ts';
import type { HttpRequest } from '#ports/http.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Headers that would change the framing or routing of the message, or impersonate a proxy. */
const OURS =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|http2-settings|expect|keep-alive|accept-encoding|proxy-.*|forwarded|x-forwarded-.*|x-real-ip|via)$/;

/** Headers that unlock cloud metadata services. */
const METADATA = /^(metadata|metadata-flavor|x-google-metadata-request|x-aws-ec2-metadata-token.*)$/;

/** Headers that may be sent after a redirect to another origin; any other might be a credential. */
const NEUTRAL = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** Method and headers (names in lowercase), ready to send. Throws `input_invalid` and `address_blocked`. */
export function checkedRequest(request: HttpRequest): { readonly method: string; readonly headers: Headers } {
  const method = request.method.toUpperCase();
  if (!METHODS.has(method)) {
    throw invalid(
      `${JSON.stringify(cut(request.method, 20))} is not a supported method; use one of ${[...METHODS].join(', ')}`,
    );
  }
  if (request.body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw invalid(`a ${method} request cannot have a body`);
  }
  const entries = Object.entries(request.headers ?? {}).map(([name, value]) => checkedHeader(name, value));
  return { method, headers: { 'user-agent': 'playbook-runner', accept: '*/*', ...Object.fromEntries(entries) } };
}

/** Headers by lowercase name. */
export type Headers = Readonly<Record<string, string>>;

/** The headers that may be sent to another origin. */
export function neutralHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => NEUTRAL.has(name)));
}

function checkedHeader(name: string, value: string): readonly [string, string] {
  const lower = name.toLowerCase();
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (thrown) {
    throw invalid(
      `the header ${JSON.stringify(cut(name, 80))} contains characters that are not allowed in headers`,
      thrown,
    );
  }
  if (OURS.test(lower)) throw invalid(`the header ${lower} is set by the client itself`);
  if (METADATA.test(lower)) {
    throw new PlaybookError(
      'address_blocked',
      `The header ${lower} must not be sent: it unlocks a machine's credentials.`,
    );
  }
  return [lower, value];
}

function invalid(why: string, cause?: unknown): PlaybookError {
  return new PlaybookError('input_invalid', `The HTTP request is invalid: ${why}.`, { cause });
}
