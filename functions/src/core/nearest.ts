/** The candidate that `word` most likely stands for, or `undefined` if none is close. Ignores case. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `Did you mean 'x'?` if a candidate is close, otherwise a list of the candidates; undefined if there are none. */
export function suggestionFor(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const close = nearest(word, all);
  if (close !== undefined) return `Did you mean '${close}'?`;
  if (all.length === 0) return undefined;
  const shown = all.slice(0, 20).map((name) => `'${name}'`);
  return `There ${all.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${all.length > 20 ? ' and more' : ''}.`;
}

/** The number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
