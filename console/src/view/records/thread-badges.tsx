import type { EffectiveState, Thread } from '#records/threads/thread.ts';
import { Badge, type Tone } from '../elements/status.tsx';

const KINDS: Readonly<Record<Thread['kind'], { tone: Tone; sign: string }>> = {
  incident: { tone: 'alert', sign: '!' },
  review: { tone: 'unknown', sign: '◇' },
  campaign: { tone: 'unknown', sign: '✉' },
  note: { tone: 'unknown', sign: '¶' },
};

const STATES: Readonly<Record<EffectiveState['state'], { tone: Tone; sign: string; word: string }>> = {
  awaiting_approval: { tone: 'warn', sign: '?', word: 'waiting' },
  open: { tone: 'running', sign: '○', word: 'open' },
  approved: { tone: 'ok', sign: '✓', word: 'approved' },
  rejected: { tone: 'alert', sign: '✕', word: 'rejected' },
  expired: { tone: 'quiet', sign: '✕', word: 'expired' },
  closed: { tone: 'quiet', sign: '–', word: 'closed' },
};

/** What a thread is about. */
export const KindBadge = ({ kind }: { kind: Thread['kind'] }) => <Badge {...KINDS[kind]}>{kind}</Badge>;

/** How a thread stands. */
export const ThreadStateBadge = ({ state }: { state: EffectiveState['state'] }) => {
  const { word, ...look } = STATES[state];
  return <Badge {...look}>{word}</Badge>;
};
