import { describe, expect, test } from 'vitest';
import { Integration } from '#language/settings/integrations.ts';
import { PlaybookError, type FailureCode } from '#core/failure.ts';
import type { HttpRequest, HttpResponse } from '#ports/http.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { probeIntegration } from './probe-integration.ts';

const INTEGRATION = Integration.parse({
  id: 'crm',
  name: 'CRM',
  group: 'CRM',
  kind: 'external',
  url: 'https://crm.example.com/health',
  latency: { ok: '500ms', alert: '2s' },
});

function answer(status: number, durationMs = 100): HttpResponse {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: '{}', durationMs, url: INTEGRATION.url };
}

/** Probes an integration that answers with these, one after the other, and then with the last of them for ever. */
async function probed(replies: readonly (HttpResponse | Error)[], integration = INTEGRATION) {
  const clock = fakeClock();
  const startMs = clock.now().getTime();
  const sent: HttpRequest[] = [];
  const http = {
    async send(request: HttpRequest) {
      sent.push(request);
      const reply = replies[Math.min(sent.length, replies.length) - 1];
      if (reply === undefined || reply instanceof Error) throw reply ?? new Error('Nothing is answered.');
      return reply;
    },
  };
  const signal = new AbortController().signal;
  const context = { http, secrets: secretsOf({}), clock, signal, timeoutMs: 5_000 };
  const probe = await probeIntegration(integration, context);
  return { probe, sent, waitedMs: clock.now().getTime() - startMs };
}

const CODES: Readonly<Partial<Record<FailureCode, boolean>>> = {
  unavailable: true,
  timeout: true,
  rejected: false,
  address_blocked: false,
  input_invalid: false,
  unauthenticated: false,
  internal: false,
};

describe('a probe without an answer', () => {
  test.each(Object.entries(CODES))('because of %s is repeated: %s', async (code, again) => {
    const failure = new PlaybookError(isCode(code) ? code : 'internal', 'It went wrong.');

    const { probe, waitedMs } = await probed([failure]);

    const tries = again ? 3 : 1;
    expect(probe).toEqual({ status: 'offline', latencyMs: null, band: 'unknown', error: 'It went wrong.', tries });
    expect(waitedMs).toBe(again ? 4_000 : 0);
  });

  test.each(['unavailable', 'timeout'] as const)(
    'because of %s is forgotten once the next try is answered',
    async (code) => {
      const { probe, waitedMs } = await probed([new PlaybookError(code, 'No answer.'), answer(200, 20)]);

      expect(probe).toEqual({ status: 'online', latencyMs: 20, band: 'ok', error: null, tries: 2 });
      expect(waitedMs).toBe(1_000);
    },
  );

  test('because of a bug is no outage of theirs', async () => {
    await expect(probed([new TypeError('x is not a function')])).rejects.toThrow(TypeError);
  });
});

describe('a probe that is answered with', () => {
  test.each([400, 401, 403, 404, 408, 429, 499])('%i is not repeated', async (status) => {
    const { probe, sent } = await probed([answer(status)]);

    expect(probe).toMatchObject({ status: 'offline', latencyMs: 100, band: 'unknown', tries: 1 });
    expect(sent).toHaveLength(1);
  });

  test.each([500, 501, 502, 503, 504, 599])('%i is repeated after one and three seconds', async (status) => {
    const { probe, waitedMs } = await probed([answer(status)]);

    expect(probe).toMatchObject({ status: 'offline', latencyMs: 100, band: 'unknown', tries: 3 });
    expect(waitedMs).toBe(4_000);
    expect(await probed([answer(status), answer(status), answer(200)])).toMatchObject({
      probe: { status: 'online', tries: 3 },
    });
  });

  test('what it expects makes exactly the request of its file', async () => {
    const { sent } = await probed([answer(200)]);

    expect(sent).toEqual([
      {
        method: 'GET',
        url: 'https://crm.example.com/health',
        headers: {},
        timeoutMs: 5_000,
        signal: expect.any(AbortSignal),
        maxBytes: 1_000_000,
      },
    ]);
  });
});

describe('the latency of an answer', () => {
  test.each([
    [0, 'online', 'ok'],
    [499, 'online', 'ok'],
    [500, 'degraded', 'warn'],
    [501, 'degraded', 'warn'],
    [1_999, 'degraded', 'warn'],
    [2_000, 'degraded', 'warn'],
    [2_001, 'degraded', 'alert'],
  ])('of %i ms, between 500 ms and 2 s, is %s and %s', async (latencyMs, status, band) => {
    expect((await probed([answer(200, latencyMs)])).probe).toEqual({ status, latencyMs, band, error: null, tries: 1 });
  });
});

function isCode(code: string): code is FailureCode {
  return Object.hasOwn(CODES, code);
}
