import { PlaybookError } from '#core/failure.ts';

/**
 * A network problem. `unreachable`: no answer, or an incomplete one. `timeout`: no answer in time. `broken_answer`: the
 * answer was not HTTP, and would not be next time.
 */
export interface NetworkError {
  readonly trouble: 'unreachable' | 'timeout' | 'broken_answer';
  /** The error code: `ECONNREFUSED`, `UND_ERR_SOCKET`, `HPE_CR_EXPECTED`; a sentence if it has none. */
  readonly code: string;
}

const MAX_CAUSES = 8;

const TIMEOUTS = codes(
  'ETIMEDOUT ESOCKETTIMEDOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT',
);

/** Connections, routes, names; undici and streams; the last one is an answer cut off within its headers. */
const UNREACHABLE = codes(
  `ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTCONN ESHUTDOWN EPROTO
  EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET EADDRNOTAVAIL
  ENOTFOUND ENODATA ESERVFAIL EREFUSED EFORMERR EBADRESP
  UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CLOSED ERR_SOCKET_CLOSED_BEFORE_CONNECTION HPE_INVALID_EOF_STATE`,
);

/** Certificate errors of OpenSSL, from Node's `tls` documentation. */
const CERTIFICATE =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|PATH_LENGTH_EXCEEDED$|ERR_TLS_|ERR_SSL_|ERR_PROXY_TUNNEL$)/;
const BROKEN_ANSWER = /^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES_|ERR_HTTP_CONTENT_LENGTH_MISMATCH$)/;
const HTTP2 = /^ERR_HTTP2_(STREAM|SESSION|GOAWAY)_/;

/** System calls that are only made for connections. */
const CONNECTING = new Set(['connect', 'getaddrinfo', 'getnameinfo']);

/**
 * The network problem behind an error, recognised by a code of the operating system, DNS, TLS, HTTP or undici on the
 * error itself or its cause (as in `TypeError: fetch failed`). Undefined for everything else, above all for bugs in our
 * own code.
 */
export function networkErrorOf(thrown: unknown, depth = 0): NetworkError | undefined {
  if (!(thrown instanceof Error) || depth > MAX_CAUSES) return undefined;
  if (thrown instanceof PlaybookError) return undefined;
  if (thrown.name === 'TimeoutError') return { trouble: 'timeout', code: thrown.name };
  // undici's own error, which does not always have a code.
  if (thrown.name === 'HTTPParserError') return { trouble: 'broken_answer', code: thrown.message };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const trouble = code === undefined ? undefined : troubleOf(code, thrown);
  if (code !== undefined && trouble !== undefined) return { trouble, code };
  // Every address of a name is tried.
  const reasons = thrown instanceof AggregateError ? [...thrown.errors, thrown.cause] : [thrown.cause];
  for (const reason of reasons) {
    const found = networkErrorOf(reason, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function troubleOf(code: string, thrown: Error): NetworkError['trouble'] | undefined {
  if (TIMEOUTS.has(code)) return 'timeout';
  if (UNREACHABLE.has(code) || code.startsWith('EAI_') || CERTIFICATE.test(code) || HTTP2.test(code)) {
    return 'unreachable';
  }
  if (BROKEN_ANSWER.test(code)) return 'broken_answer';
  // undici's error for a proxy that refuses the tunnel.
  if (code === 'UND_ERR_ABORTED' && /tunnel/i.test(thrown.message)) return 'unreachable';
  // EPERM or EACCES of a firewall, and any other connection error.
  return 'syscall' in thrown && CONNECTING.has(String(thrown.syscall)) ? 'unreachable' : undefined;
}

/**
 * The failure for an error of a call to `what` (`Mailjet`, `https://api.example.com`): `unavailable`, `timeout` or
 * `rejected` if the network failed, the error itself if it is a `PlaybookError`, otherwise `internal`: bugs in our code
 * are never reported as outages of others. The error is kept as `cause`.
 */
export function callFailure(thrown: unknown, what: string): PlaybookError {
  if (thrown instanceof PlaybookError) return thrown;
  const network = networkErrorOf(thrown);
  if (network === undefined) return internalFailure(thrown, `The call of ${what}`);
  switch (network.trouble) {
    case 'timeout':
      return new PlaybookError('timeout', `${what} did not answer in time (${network.code}).`, { cause: thrown });
    case 'unreachable':
      return new PlaybookError('unavailable', `${what} could not be reached: ${network.code}.`, { cause: thrown });
    case 'broken_answer':
      return new PlaybookError('rejected', `${what} sent an answer that is not valid HTTP: ${network.code}.`, {
        cause: thrown,
      });
  }
}

/** A bug in our code or in a library; `attempted` begins the sentence: `The call of Mailjet`. */
export function internalFailure(thrown: unknown, attempted: string): PlaybookError {
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const message = `${attempted} failed because of a bug in this software: ${said}`;
  return new PlaybookError('internal', message, { cause: thrown });
}

function codes(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}
