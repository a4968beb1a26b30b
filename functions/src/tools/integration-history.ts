import { z } from 'zod';
import type { Integration } from '../definitions/integrations.ts';
import { DocumentsError } from '../ports/documents.ts';
import type { DocumentData, Documents, StoredDocument } from '../ports/documents.ts';
import type { Probe } from './probe-integration.ts';

const PATH = 'playbook_metrics/integrations';
/** Only a check that meets a dozen others at the same moment loses so often. */
const MAX_TRIES = 12;

/** What is remembered of one integration between checks. */
const History = z.object({
  lastCheckedAt: z.date(),
  lastSuccessAt: z.date().nullable(),
  lastLatencyMs: z.number().nullable(),
  consecutiveFailures: z.number().int(),
});
type History = z.infer<typeof History>;

const Stored = z.object({ integrations: z.record(z.string(), History) });

/** An integration that was asked, and what it answered. */
export interface Probed {
  readonly integration: Integration;
  readonly probe: Probe;
}

/**
 * Adds the probes of one check to what is remembered, and resolves to each with what is remembered now, in the same order:
 * one read and one write, and a further pair for every other check that writes at the same moment. Throws `DocumentsError`.
 */
export async function rememberProbes(
  documents: Documents,
  probed: readonly Probed[],
  now: Date,
): Promise<readonly (Probed & { readonly history: History })[]> {
  for (let tries = 1; ; tries += 1) {
    const stored = await documents.get(PATH);
    const known = historiesIn(stored);
    const remembered = probed.map((one) => ({
      ...one,
      history: continued(known.get(one.integration.id), one.probe, now),
    }));
    try {
      await write(documents, stored, new Map(remembered.map(({ integration, history }) => [integration.id, history])));
      return remembered;
    } catch (error) {
      const raced = error instanceof DocumentsError && (error.code === 'conflict' || error.code === 'already_exists');
      if (!raced || tries >= MAX_TRIES) throw error;
    }
  }
}

function historiesIn(stored: StoredDocument | undefined): ReadonlyMap<string, History> {
  const parsed = Stored.safeParse(stored?.data);
  return new Map(parsed.success ? Object.entries(parsed.data.integrations) : []);
}

/** An integration that was not asked for lack of credentials neither succeeded nor failed. */
function continued(before: History | undefined, probe: Probe, now: Date): History {
  const lastSuccessAt = before?.lastSuccessAt ?? null;
  const failures = before?.consecutiveFailures ?? 0;
  const base = { lastCheckedAt: now, lastLatencyMs: probe.latencyMs ?? before?.lastLatencyMs ?? null };
  switch (probe.status) {
    case 'online':
    case 'degraded':
      return {
        ...base,
        lastSuccessAt: lastSuccessAt !== null && lastSuccessAt > now ? lastSuccessAt : now,
        consecutiveFailures: 0,
      };
    case 'offline':
      return { ...base, lastSuccessAt, consecutiveFailures: failures + 1 };
    case 'unconfigured':
      return { ...base, lastSuccessAt, consecutiveFailures: failures };
  }
}

async function write(
  documents: Documents,
  stored: StoredDocument | undefined,
  histories: ReadonlyMap<string, History>,
): Promise<void> {
  if (stored === undefined) {
    const data: DocumentData = { integrations: Object.fromEntries(histories) };
    await documents.commit([{ kind: 'create', path: PATH, data }]);
    return;
  }
  const changes = [...histories].map(([id, history]) => ({ field: ['integrations', id], value: { ...history } }));
  await documents.commit([{ kind: 'update', path: PATH, changes, ifUpdateTime: stored.updateTime }]);
}
