import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { executionStore } from '#records/executions/executions.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
  storeExecution,
} from '#testing/builders/an-execution.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { claim, claimSkipped } from './claim.ts';

const SLOT = new Date('2026-11-20T14:00:00.000Z');
const LEASE_MS = 60_000;
const lease = { owner: 'other', nonce: 'other:0', durationMs: LEASE_MS, takeovers: 0, interruptions: 0 };

/** What a slot may hold already, how long ago it was stored, and what a runner and a skip are answered. */
type Stored = Parameters<typeof storeExecution>[1];

const stored: readonly (readonly [string, Stored | undefined, number, string, string])[] = [
  ['nothing', undefined, 0, 'granted', 'skipped'],
  ['a skip', aSkippedExecution(SLOT), 0, 'recorded', 'recorded'],
  ['a success', aSucceededExecution(SLOT), 0, 'recorded', 'recorded'],
  ['a failure', aFailedExecution(SLOT), 0, 'recorded', 'recorded'],
  ['an execution that has just begun', aRunningExecution(SLOT, { lease }), 0, 'held', 'held'],
  ['one whose lease ends now', aRunningExecution(SLOT, { lease }), LEASE_MS, 'held', 'held'],
  ['one whose lease has run out', aRunningExecution(SLOT, { lease }), LEASE_MS + 1, 'granted', 'orphaned'],
  [
    'one whose lease was given back',
    aRunningExecution(SLOT, { lease: { ...lease, durationMs: 0 } }),
    0,
    'granted',
    'orphaned',
  ],
];

async function openStore(execution: Stored | undefined, ageMs: number) {
  const clock = fakeClock();
  const documents = sqliteDocuments({ file: ':memory:', clock });
  if (execution !== undefined) await storeExecution(documents, execution);
  clock.advance(ageMs);
  const store = executionStore(documents);
  const read = async () => (await store.read(id))?.execution;
  return { clock, store, read };
}

const { id } = aRunningExecution(SLOT);
const fresh = aRunningExecution(SLOT, { lease: { ...lease, owner: 'ours', nonce: 'ours:0' } });

describe('a runner that comes to a slot', () => {
  test.each(stored)('that holds %s is answered', async (_, execution, ageMs, answer) => {
    const { clock, store, read } = await openStore(execution, ageMs);

    const claimed = await claim(fresh, { store, clock });

    expect(claimed.kind).toBe(answer);
    expect(await read()).toEqual(claimed.execution);
    const isOurs = answer === 'granted';
    expect(claimed.execution).toMatchObject(
      isOurs ? { status: 'running', lease: { owner: 'ours' } } : { ...execution },
    );
  });

  test.each(stored.filter(([, execution]) => execution !== undefined))(
    'that holds %s of another request learns only that',
    async (_, execution, ageMs) => {
      const another = execution && { ...execution, requestSha256: 'theirs' };
      const { clock, store, read } = await openStore(another, ageMs);

      const claimed = await claim({ ...fresh, requestSha256: 'ours' }, { store, clock });

      expect(claimed.kind).toBe('another_request');
      expect(await read()).toEqual(claimed.execution);
    },
  );
});

describe('a skip that comes to a slot', () => {
  const skip = aSkippedExecution(SLOT);

  test.each(stored)('that holds %s is answered', async (_, execution, ageMs, __, answer) => {
    const { store, read } = await openStore(execution, ageMs);

    const claimed = await claimSkipped(skip, { store });

    expect(claimed).toEqual(answer === 'orphaned' ? { kind: answer } : { kind: answer, execution: execution ?? skip });
    expect(await read()).toEqual(execution ?? skip);
  });

  test.each(stored.filter(([, execution]) => execution !== undefined))(
    'that holds %s of another request learns only that',
    async (_, execution, ageMs) => {
      const another = execution && { ...execution, requestSha256: 'theirs' };
      const { store } = await openStore(another, ageMs);

      const claimed = await claimSkipped({ ...skip, requestSha256: 'ours' }, { store });

      expect(claimed).toMatchObject({ kind: 'another_request' });
    },
  );
});
