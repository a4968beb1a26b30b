import { PlaybookError } from '#core/failure.ts';

/**
 * What kind of trouble the network had. `unreachable`: there was no answer, or it broke off. `timeout`: none came in time.
 * `broken_answer`: the other side answered, but not in HTTP, and will again.
 */
export interface NetworkError {
  readonly trouble: 'unreachable' | 'timeout' | 'broken_answer';
  /** What says so: `ECONNREFUSED`, `UND_ERR_SOCKET`, `HPE_CR_EXPECTED`; a sentence where there is no code. */
  readonly code: string;
}

const MAX_CAUSES = 8;

const TIMEOUTS = codes(
  'ETIMEDOUT ESOCKETTIMEDOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT',
);

/** Connections, routes, names; undici and streams; the last one is an answer that was cut off within its head. */
const UNREACHABLE = codes(
  `ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTCONN ESHUTDOWN EPROTO
  EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET EADDRNOTAVAIL
  ENOTFOUND ENODATA ESERVFAIL EREFUSED EFORMERR EBADRESP
  UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CLOSED ERR_SOCKET_CLOSED_BEFORE_CONNECTION HPE_INVALID_EOF_STATE`,
);

/** Certificates, in the words of OpenSSL; the list of Node's `tls` documentation. */
const CERTIFICATE =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|PATH_LENGTH_EXCEEDED$|ERR_TLS_|ERR_SSL_|ERR_PROXY_TUNNEL$)/;
const BROKEN_ANSWER = /^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES_|ERR_HTTP_CONTENT_LENGTH_MISMATCH$)/;
const HTTP2 = /^ERR_HTTP2_(STREAM|SESSION|GOAWAY)_/;

/** The calls to the operating system that only a connection makes. */
const CONNECTING = new Set(['connect', 'getaddrinfo', 'getnameinfo']);

/**
 * What the network did, where it is recognisably the network that failed: by a code of the operating system, of DNS, TLS,
 * HTTP or undici, on the error itself or on what caused it (`TypeError: fetch failed` tells its reason so). Undefined for everything
 * else, above all for the errors of our own code.
 */
export function networkErrorOf(thrown: unknown, depth = 0): NetworkError | undefined {
  if (!(thrown instanceof Error) || depth > MAX_CAUSES) return undefined;
  if (thrown instanceof PlaybookError) return undefined;
  if (thrown.name === 'TimeoutError') return { trouble: 'timeout', code: thrown.name };
  // undici's own, which has a code only sometimes.
  if (thrown.name === 'HTTPParserError') return { trouble: 'broken_answer', code: thrown.message };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const trouble = code === undefined ? undefined : troubleOf(code, thrown);
  if (code !== undefined && trouble !== undefined) return { trouble, code };
  // A name with several addresses is tried at each of them.
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
  // undici, of a proxy that lets nothing through.
  if (code === 'UND_ERR_ABORTED' && /tunnel/i.test(thrown.message)) return 'unreachable';
  // A firewall says EPERM or EACCES, and whatever else a connection may meet.
  return 'syscall' in thrown && CONNECTING.has(String(thrown.syscall)) ? 'unreachable' : undefined;
}

/**
 * What a call of `what` (`Mailjet`, `https://api.example.com`) threw, in our words: `unavailable`, `timeout` or `rejected` where it
 * was the network, the error itself where it is a `PlaybookError`, and `internal` for everything else: a fault of ours is never
 * told as an outage of theirs. The error stays as `cause`.
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
      return new PlaybookError('rejected', `${what} answered in a way that breaks HTTP: ${network.code}.`, {
        cause: thrown,
      });
  }
}

/** A fault of our own, or of a library that we use; `attempted` begins the sentence: `The call of Mailjet`. */
export function internalFailure(thrown: unknown, attempted: string): PlaybookError {
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const message = `${attempted} failed because of a bug in this software: ${said}`;
  return new PlaybookError('internal', message, { cause: thrown });
}

function codes(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}
