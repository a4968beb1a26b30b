import { describe, expect, test } from 'vitest';
import { networkErrorOf, type NetworkError } from './network-error.ts';

/** Every code that a failed call may have, by what it means; undefined: it says nothing of the network. */
const CODES: Readonly<Record<NetworkError['trouble'] | 'none', string>> = {
  timeout: 'ETIMEDOUT ESOCKETTIMEDOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT',
  unreachable: `ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTCONN ESHUTDOWN EPROTO
    EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET EADDRNOTAVAIL
    ENOTFOUND ENODATA ESERVFAIL EREFUSED EFORMERR EBADRESP EAI_AGAIN EAI_FAIL
    UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CLOSED ERR_SOCKET_CLOSED_BEFORE_CONNECTION
    HPE_INVALID_EOF_STATE CERT_HAS_EXPIRED CRL_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN
    UNABLE_TO_VERIFY_LEAF_SIGNATURE INVALID_CA INVALID_PURPOSE HOSTNAME_MISMATCH PATH_LENGTH_EXCEEDED
    ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER ERR_PROXY_TUNNEL
    ERR_HTTP2_STREAM_CANCEL ERR_HTTP2_SESSION_ERROR ERR_HTTP2_GOAWAY_SESSION`,
  broken_answer: `HPE_INVALID_CONSTANT HPE_CR_EXPECTED Z_DATA_ERROR UND_ERR_HEADERS_OVERFLOW
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH ERR_HTTP_CONTENT_LENGTH_MISMATCH`,
  none: `ENOENT EACCES EPERM EMFILE ERR_INVALID_ARG_TYPE ERR_INVALID_URL UND_ERR_INVALID_ARG UND_ERR_ABORTED
    ERR_HTTP2_INVALID_STREAM INVALID_CAR HOSTNAME_MISMATCHED etimedout`,
};

describe.each(Object.entries(CODES))('%s', (trouble, codes) => {
  test.each(codes.split(/\s+/))('%s, on the error itself and as its cause', (code) => {
    const thrown = Object.assign(new Error('x'), { code });
    const expected = trouble === 'none' ? undefined : { trouble, code };

    expect(networkErrorOf(thrown)).toEqual(expected);
    expect(networkErrorOf(new TypeError('fetch failed', { cause: thrown }))).toEqual(expected);
    expect(networkErrorOf(new AggregateError([new Error('odd'), thrown]))).toEqual(expected);
  });
});

test.each(['connect', 'getaddrinfo', 'getnameinfo'])('an unknown code of %s is a connection that failed', (syscall) => {
  const thrown = Object.assign(new Error('x'), { code: 'EPERM', syscall });

  expect(networkErrorOf(thrown)).toEqual({ trouble: 'unreachable', code: 'EPERM' });
});

test.each(['open', 'read', 'spawn'])('an unknown code of %s is not', (syscall) => {
  expect(networkErrorOf(Object.assign(new Error('x'), { code: 'EPERM', syscall }))).toBeUndefined();
});

test.each([
  [8, true],
  [9, false],
])('a network problem is found behind %i causes: %s', (depth, isFound) => {
  let thrown: Error = Object.assign(new Error('x'), { code: 'ECONNRESET' });
  for (let layer = 0; layer < depth; layer += 1) thrown = new Error('around', { cause: thrown });

  expect(networkErrorOf(thrown) !== undefined).toBe(isFound);
});
