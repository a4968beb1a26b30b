import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { currentTrace, inTrace, traceOf } from './request-trace.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';

describe('the trace of a request', () => {
  test.each<[string, Record<string, string[]>, unknown]>([
    [
      'traceparent',
      { traceparent: [`00-${ID}-b7ad6b7169203331-01`] },
      { traceId: ID, spanId: 'b7ad6b7169203331', isSampled: true },
    ],
    [
      'traceparent that is not sampled',
      { traceparent: [`00-${ID}-b7ad6b7169203331-00`] },
      { traceId: ID, spanId: 'b7ad6b7169203331', isSampled: false },
    ],
    [
      'X-Cloud-Trace-Context',
      { 'x-cloud-trace-context': [`${ID}/74;o=1`] },
      { traceId: ID, spanId: '000000000000004a', isSampled: true },
    ],
    [
      'X-Cloud-Trace-Context without a span',
      { 'x-cloud-trace-context': [ID.toUpperCase()] },
      { traceId: ID, spanId: undefined, isSampled: false },
    ],
    [
      'a span beyond 64 bits',
      { 'x-cloud-trace-context': [`${ID}/99999999999999999999`] },
      { traceId: ID, spanId: undefined, isSampled: false },
    ],
    [
      'both',
      { traceparent: [`00-${ID}-b7ad6b7169203331-01`], 'x-cloud-trace-context': [`${'1'.repeat(32)}/1`] },
      { traceId: ID, spanId: 'b7ad6b7169203331', isSampled: true },
    ],
    [
      'a traceparent of zeros beside the other',
      { traceparent: [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`], 'x-cloud-trace-context': [`${ID}/1`] },
      { traceId: ID, spanId: '0000000000000001', isSampled: false },
    ],
  ])('is read from %s', (_, headers, expected) => {
    expect(traceOf(headers)).toEqual(expected);
  });

  test.each<[string, Record<string, string[]>]>([
    ['no header', {}],
    ['a header of words', { traceparent: ['none'], 'x-cloud-trace-context': ['"}{'] }],
    ['an id that is cut', { traceparent: [`00-${ID.slice(1)}-b7ad6b7169203331-01`] }],
    ['zeros', { 'x-cloud-trace-context': [`${'0'.repeat(32)}/1`] }],
  ])('is none for %s', (_, headers) => {
    expect(traceOf(headers)).toBeUndefined();
  });

  test('holds for all that the request begins, and for no other request', async () => {
    const trace = (traceId: string) => ({ traceId, spanId: undefined, isSampled: false });
    const later = async () => {
      await delay(5);
      return currentTrace()?.traceId;
    };

    const seen = await Promise.all([inTrace(trace('a'), later), inTrace(trace('b'), later), later()]);

    expect(seen).toEqual(['a', 'b', undefined]);
  });
});
