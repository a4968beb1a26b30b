import { diffLines } from 'diff';
import { visible } from './text.tsx';

const MAX_CHARS = 60_000;
const MAX_EDITS = 2_000;
const MAX_MS = 100;
const CONTEXT_LINES = 3;

interface Line {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
}

/**
 * What differs between two texts, line by line, with some lines around it; hidden characters are made visible. Texts that
 * are too long or too different to be compared are said to be.
 */
export const TextDiff = ({ before, after, label }: { before: string; after: string; label: string }) => {
  const lines = comparedLines(visible(before), visible(after));
  if (lines === undefined) return <p class="muted">{label}: too long or too different to compare line by line.</p>;
  return (
    <div class="diff" tabindex={0} role="region" aria-label={label}>
      {lines.map(({ kind, text }) => (
        <span class={kind}>
          {SIGNS[kind]}
          {text}
        </span>
      ))}
    </div>
  );
};

const SIGNS = { same: '  ', added: '+ ', removed: '− ', gap: '' } as const;

function comparedLines(before: string, after: string): readonly Line[] | undefined {
  if (before.length > MAX_CHARS || after.length > MAX_CHARS) return undefined;
  const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  const changes = diffLines(ended(before), ended(after), { maxEditLength: MAX_EDITS, timeout: MAX_MS });
  return changes?.flatMap(({ value, added, removed }, index): readonly Line[] => {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added || removed) return lines.map((text) => ({ kind: added ? 'added' : 'removed', text }));
    return folded(lines, index === 0, index === changes.length - 1);
  });
}

/** Lines that are the same, without those far from any change. */
function folded(lines: readonly string[], isFirst: boolean, isLast: boolean): readonly Line[] {
  const same = lines.map((text): Line => ({ kind: 'same', text }));
  const head = isFirst ? [] : same.slice(0, CONTEXT_LINES);
  const tail = isLast ? [] : same.slice(-CONTEXT_LINES);
  const left = same.length - head.length - tail.length;
  if (left <= 1) return same;
  return [...head, { kind: 'gap', text: `… ${left} unchanged lines` }, ...tail];
}
