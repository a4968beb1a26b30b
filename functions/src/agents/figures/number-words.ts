const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALE_OF = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
  ['dozen', 12],
]);
const VALUE_OF = new Map([
  ...SMALL.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, index): [string, number] => [word, (index + 2) * 10]),
]);

const WORD = [...SMALL, ...TENS, ...SCALE_OF.keys()].join('|');
const PHRASE = new RegExp(`\\b(?:${WORD})(?:(?:-|\\s+(?:and\\s+)?)(?:${WORD}))*\\b`, 'gi');

/** A number written in words, and its value. */
export interface NumberPhrase {
  readonly phrase: string;
  readonly value: number;
}

/**
 * The numbers written in words in an English text: `seventeen`, `twenty-five`, `three hundred`. A lone `one` is not
 * counted, because it is more often a pronoun.
 */
export function numbersInWords(text: string): readonly NumberPhrase[] {
  return [...text.matchAll(PHRASE)]
    .map(([phrase]) => ({ phrase, value: valueOf(phrase.toLowerCase().split(/[\s-]+/)) }))
    .filter(({ phrase }) => phrase.toLowerCase() !== 'one');
}

function valueOf(words: readonly string[]): number {
  let total = 0;
  let group = 0;
  for (const word of words) {
    const scale = SCALE_OF.get(word);
    if (scale === undefined) {
      group += VALUE_OF.get(word) ?? 0;
    } else if (scale < 1_000) {
      group = (group || 1) * scale;
    } else {
      total += (group || 1) * scale;
      group = 0;
    }
  }
  return total + group;
}
