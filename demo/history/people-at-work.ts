import { z } from 'zod';
import { JsonValue, type Json } from '#core/json.ts';
import type { Actor, ChangeWorld } from '#records/audit/actor.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { close, comment } from '#records/threads/thread-changes.ts';
import { decide, modifyPayload } from '#records/threads/thread-decisions.ts';
import { listThreads, type ListedThread } from '#records/threads/thread-queries.ts';
import { loadThread } from '#records/threads/threads.ts';
import { openRandom, seedOf } from '../company/random.ts';
import type { SimulatedClock } from './simulated-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** People have not seen anything younger than this. */
const FRESH_MS = 20 * HOUR_MS;
const THREADS_AT_ONCE = 100;

const MARTEZ: Actor = { email: 'martez@bakedbot.ai', role: 'approver' };
const RISHABH: Actor = { email: 'rishabh@bakedbot.ai', role: 'admin' };

/** What a person does with a thread, and when. */
export interface Act {
  readonly at: Date;
  readonly by: Actor;
  readonly does: 'approve' | 'reject' | 'modify' | 'comment' | 'close';
  readonly text: string;
}

/** The properties of a thread that decide what people do with it. */
export type OpenedThread = Pick<ListedThread, 'id' | 'kind' | 'createdAt'>;

const REJECTIONS = [
  'Half of them had a call with us this week. Not again so soon.',
  'The discount is higher than what we can give this month.',
] as const;
const LOOKS = ['I’m on it.', 'Looking at it now.', 'Seen. I’m calling their support.'] as const;
const CAUSES = [
  'It was on their side; their status page says so. It is back.',
  'It was a deployment on their side. It is back, and nothing was lost.',
  'It is back. I asked them for a warning next time.',
] as const;

/**
 * What people do with a thread until `now`: always the same with the same thread. If it is fresh, they only comment.
 */
export function actsOn({ id, kind, createdAt }: OpenedThread, now: Date): readonly Act[] {
  const random = openRandom(seedOf(id));
  const after = (fromMinutes: number, toMinutes: number): Date =>
    new Date(createdAt.getTime() + random.between(fromMinutes, toMinutes) * MINUTE_MS + random.between(0, 59) * 1_000);
  const isFresh = now.getTime() - createdAt.getTime() < FRESH_MS;
  const acts = {
    campaign: () => campaignActs(random.next(), { early: after(10, 25), late: after(40, 240) }),
    incident: (): readonly Act[] => [
      { at: after(4, 25), by: MARTEZ, does: 'comment', text: random.pick(LOOKS) },
      { at: after(60, 300), by: MARTEZ, does: 'close', text: random.pick(CAUSES) },
    ],
    review: (): readonly Act[] => [
      {
        at: after(60, 300),
        by: RISHABH,
        does: 'comment',
        text: 'Good. I’ll take the first action, Martez the second.',
      },
      { at: after(1_500, 2_800), by: MARTEZ, does: 'close', text: 'This week’s actions are done.' },
    ],
    note: (): readonly Act[] => [],
  }[kind]();
  return acts.filter(({ at, does }) => at <= now && !(isFresh && does !== 'comment'));
}

/** Most campaigns are approved unchanged, some rejected, some changed first. */
function campaignActs(luck: number, { early, late }: { readonly early: Date; readonly late: Date }): readonly Act[] {
  if (luck < 0.2) {
    const text = luck < 0.1 ? REJECTIONS[0] : REJECTIONS[1];
    return [{ at: late, by: MARTEZ, does: 'reject', text }];
  }
  const approval: Act = { at: late, by: MARTEZ, does: 'approve', text: luck < 0.6 ? '' : 'Reads well.' };
  if (luck < 0.4) return [{ at: early, by: MARTEZ, does: 'modify', text: 'A word from all of us' }, approval];
  if (luck < 0.7) {
    return [
      { at: early, by: RISHABH, does: 'comment', text: 'Fine with me. Please double-check the first one.' },
      approval,
    ];
  }
  return [approval];
}

/**
 * Does with the threads of simulated executions what people would have done by `until`, in chronological order. `now`
 * is the end of the past. Can be repeated. Throws what the changes of threads throw.
 */
export async function peopleAtWork(
  world: ChangeWorld & { readonly clock: SimulatedClock },
  { until, now }: { readonly until: Date; readonly now: Date },
): Promise<void> {
  const acts: (Act & { readonly threadId: string })[] = [];
  for (const state of ['open', 'awaiting_approval'] as const) {
    for await (const thread of threadsIn(state, world)) {
      if (thread.createdAt > until || !(await isSimulated(world, thread.evidence.executionId))) continue;
      for (const act of actsOn(thread, now)) if (act.at <= until) acts.push({ ...act, threadId: thread.id });
    }
  }
  for (const act of acts.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    await world.clock.at(act.at, () => doIt(act, world));
  }
}

async function* threadsIn(state: ListedThread['state'], { documents }: ChangeWorld): AsyncGenerator<ListedThread> {
  let after: string | undefined;
  do {
    const page = await listThreads(documents, { state }, { limit: THREADS_AT_ONCE, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

async function isSimulated({ documents }: ChangeWorld, executionId: string): Promise<boolean> {
  return (await loadExecution(documents, executionId))?.labels['simulated'] === 'history';
}

async function doIt(
  { threadId, by, does, text, at }: Act & { readonly threadId: string },
  world: ChangeWorld,
): Promise<void> {
  switch (does) {
    case 'comment':
      await comment(world, by, { threadId, text, commentId: `said-${at.getTime()}` });
      return;
    case 'close':
      await close(world, by, { threadId, reason: text });
      return;
    case 'modify':
      await modify(world, by, { threadId, subject: text });
      return;
    case 'approve':
    case 'reject': {
      const seen = await loadThread(world.documents, threadId);
      const verdict = does === 'approve' ? 'approved' : 'rejected';
      await decide(world, by, { threadId, verdict, comment: text, payloadSha256: seen?.payloadSha256 ?? '' });
    }
  }
}

const Drafts = z.object({ drafts: z.tuple([z.looseObject({ subject: z.string(), name: z.string() })], z.json()) });

/** Gives the first draft a different subject, once. */
async function modify(
  world: ChangeWorld,
  by: Actor,
  { threadId, subject }: { readonly threadId: string; readonly subject: string },
): Promise<void> {
  const thread = await loadThread(world.documents, threadId);
  const payload = Drafts.safeParse(thread?.payload);
  if (thread === undefined || thread.revisions.length > 0 || !payload.success) return;
  const [first, ...others] = payload.data.drafts;
  const changed: Json = JsonValue.parse({ drafts: [{ ...first, subject: `${first.name}: ${subject}` }, ...others] });
  await modifyPayload(world, by, { threadId, seenSha256: thread.payloadSha256, payload: changed });
}
