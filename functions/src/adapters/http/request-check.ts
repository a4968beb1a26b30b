import { cut } from '#core/cut.ts';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { PlaybookError } from '#core/failure.ts';
import type { HttpRequest } from '#ports/http.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Headers that would change how the message is framed or routed, or speak in the name of a proxy. */
const OURS =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|http2-settings|expect|keep-alive|accept-encoding|proxy-.*|forwarded|x-forwarded-.*|x-real-ip|via)$/;

/** Headers that unlock the metadata services of clouds. */
const METADATA = /^(metadata|metadata-flavor|x-google-metadata-request|x-aws-ec2-metadata-token.*)$/;

/** Headers that may follow a redirect to another origin; whatever else there is might be a credential. */
const NEUTRAL = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** Method and headers (names in small letters) ready to send. Throws `input_invalid` and `address_blocked`. */
export function checkedRequest(request: HttpRequest): { readonly method: string; readonly headers: Headers } {
  const method = request.method.toUpperCase();
  if (!METHODS.has(method)) {
    throw invalid(`${JSON.stringify(cut(request.method, 20))} is not a method; use one of ${[...METHODS].join(', ')}`);
  }
  if (request.body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw invalid(`a ${method} request has no body`);
  }
  const entries = Object.entries(request.headers ?? {}).map(([name, value]) => checkedHeader(name, value));
  return { method, headers: { 'user-agent': 'playbook-runner', accept: '*/*', ...Object.fromEntries(entries) } };
}

/** Headers by their names in small letters. */
export type Headers = Readonly<Record<string, string>>;

/** The headers that may go to another origin. */
export function neutralHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => NEUTRAL.has(name)));
}

function checkedHeader(name: string, value: string): readonly [string, string] {
  const lower = name.toLowerCase();
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (thrown) {
    throw invalid(`the header ${JSON.stringify(cut(name, 80))} has characters that no header may have`, thrown);
  }
  if (OURS.test(lower)) throw invalid(`the header ${lower} is set by the client itself`);
  if (METADATA.test(lower)) {
    throw new PlaybookError(
      'address_blocked',
      `The header ${lower} must not be sent: it unlocks the credentials of a machine.`,
    );
  }
  return [lower, value];
}

function invalid(why: string, cause?: unknown): PlaybookError {
  return new PlaybookError('input_invalid', `The HTTP request is not valid: ${why}.`, { cause });
}
