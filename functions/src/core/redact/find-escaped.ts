import { nextIntroducer, spellingsIn, type Spellings } from './escapes.ts';
import type { Spelling } from './simple-spelling.ts';
import type { TextRange } from './text-range.ts';

/** The size of a window; the length that an escaped form may extend beyond it is added. */
const WINDOW = 0x1_00_00;
/** The maximum length of one escaped character: `%26%2365%3B` is 11. */
const GROWTH = 16;

interface Place {
  readonly form: string;
  readonly at: number;
}

/** The positions of a character in the forms, by the character before it, or by an empty text if it begins a form. */
type Places = ReadonlyMap<string, readonly Place[]>;

const NONE: readonly Place[] = [];

/**
 * Finds every occurrence of one of the `forms` with at least one escaped character, in any mixture of the escapes that
 * `spellingsIn` reads. Texts without `%`, `&` and `\` cost nothing; others are read window by window, so that time and
 * memory grow at most with their length.
 */
export function escapedFinder(forms: readonly string[]): (text: string) => readonly TextRange[] {
  const places = placesByCharacter(forms);
  const reach = GROWTH * Math.max(0, ...forms.map(({ length }) => length));
  const wanted = new Set(places.keys());
  const windowLength = Math.max(WINDOW, reach);
  return (text) => {
    const found: TextRange[] = [];
    let begin = places.size === 0 ? -1 : nextIntroducer(text, 0);
    while (begin !== -1) {
      const end = begin + windowLength;
      const source = { text, spellings: spellingsIn(text, { from: begin, to: end + reach }, wanted) };
      for (const [from, readings] of source.spellings) {
        if (from >= end) continue;
        for (const spelling of readings) addMatches(found, source, { from, spelling }, places);
      }
      begin = nextIntroducer(text, end);
    }
    return found;
  };
}

function addMatches(
  found: TextRange[],
  source: Source,
  { from, spelling }: { readonly from: number; readonly spelling: Spelling },
  places: ReadonlyMap<string, Places>,
): void {
  const byBefore = places.get(spelling.stands.charAt(0));
  if (byBefore === undefined) return;
  for (const begins of [byBefore.get('') ?? NONE, byBefore.get(source.text.charAt(from - 1)) ?? NONE]) {
    for (const place of begins) {
      const range = matchAround(source, place, from, spelling);
      if (range !== undefined) found.push(range);
    }
  }
}

function placesByCharacter(forms: readonly string[]): ReadonlyMap<string, Places> {
  const places = new Map<string, Map<string, Place[]>>();
  for (const form of forms) {
    for (let at = 0; at < form.length; at += 1) {
      const byBefore = places.get(form.charAt(at)) ?? new Map<string, Place[]>();
      places.set(form.charAt(at), byBefore);
      const others = byBefore.get(form.charAt(at - 1)) ?? [];
      byBefore.set(form.charAt(at - 1), others);
      others.push({ form, at });
    }
  }
  return places;
}

interface Source {
  readonly text: string;
  readonly spellings: Spellings;
}

/** Treats an escape as the first one in a form: the part before it is literal, the part after it may be escaped. */
function matchAround(source: Source, { form, at }: Place, begin: number, first: Spelling): TextRange | undefined {
  const from = begin - at;
  if (from < 0 || !form.startsWith(first.stands, at) || !source.text.startsWith(form.slice(0, at), from))
    return undefined;
  const to = endOf(source, form, at + first.stands.length, first.end);
  return to === undefined ? undefined : { from, to };
}

/** The end of the rest of the form that begins at `index` of the text; the furthest if it has several. */
function endOf({ text, spellings }: Source, form: string, at: number, index: number): number | undefined {
  if (at < form.length && text.charAt(index) !== form.charAt(at) && !spellings.has(index)) return undefined;
  let ends: ReadonlyMap<number, ReadonlySet<number>> = new Map([[at, new Set([index])]]);
  let farthest: number | undefined;
  while (ends.size > 0) {
    const next = new Map<number, Set<number>>();
    const reach = (place: number, end: number): void => {
      next.set(place, (next.get(place) ?? new Set()).add(end));
    };
    for (const [place, starts] of ends) {
      for (const start of starts) {
        if (place === form.length) farthest = Math.max(farthest ?? start, start);
        else if (text.charAt(start) === form.charAt(place)) reach(place + 1, start + 1);
        for (const { stands, end } of place === form.length ? [] : (spellings.get(start) ?? [])) {
          if (form.startsWith(stands, place)) reach(place + stands.length, end);
        }
      }
    }
    ends = next;
  }
  return farthest;
}
