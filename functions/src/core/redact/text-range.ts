/** A part of a text: from its first code unit to just after its last. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** The text with each range replaced by `substitute`; ranges that overlap or touch count as one. */
export function replaceRanges(text: string, ranges: readonly TextRange[], substitute: string): string {
  const kept: string[] = [];
  let end = 0;
  for (const [index, { from, to }] of ranges.toSorted((a, b) => a.from - b.from).entries()) {
    if (index === 0 || from > end) kept.push(text.slice(end, from), substitute);
    end = Math.max(end, to);
  }
  return [...kept, text.slice(end)].join('');
}
