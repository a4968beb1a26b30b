import { z } from 'zod';

const TestTime = z.object({ test: z.string(), durationMs: z.number() });

/** What a host is asked: run these test files in this order, until one fails. All paths start at the root of the copy. */
export const HostRequest = z.object({
  /** With what each takes as a rule. */
  tests: z.array(z.object({ file: z.string(), usualMs: z.number() })),
  /** Files that have changed since the last request. */
  changed: z.array(z.string()),
  /** No further test file begins after this. */
  limitMs: z.number(),
});

/** What came of a request, with the test files that came to an end. */
export const HostAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('passed'), ended: z.array(TestTime) }),
  z.object({ status: z.literal('failed'), ended: z.array(TestTime), test: z.string(), sentence: z.string() }),
  /** Nothing was heard of this test file for longer than any test may take. */
  z.object({ status: z.literal('silent'), ended: z.array(TestTime), test: z.string() }),
  z.object({ status: z.literal('limit'), ended: z.array(TestTime) }),
]);

/** What a host says. */
export const HostMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** `isSpent`: tests are still going on, and would disturb the next request. */
  z.object({ kind: z.literal('answer'), answer: HostAnswer, isSpent: z.boolean() }),
]);

export type HostMessage = z.infer<typeof HostMessage>;
export type HostRequest = z.infer<typeof HostRequest>;
export type HostAnswer = z.infer<typeof HostAnswer>;
