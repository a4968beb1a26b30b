import { type FailureCode, PlaybookError } from './failure.ts';
import { suggestionFor } from './nearest.ts';

/** The one of this name in a list. Throws the code, with the name that was probably meant: `There is no tool 'x'. …` */
export function oneNamed<Named extends { readonly name: string }>(
  list: readonly Named[],
  name: string,
  { what, code }: { readonly what: string; readonly code: FailureCode },
): Named {
  const found = list.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = list.map((one) => one.name);
  throw new PlaybookError(code, `There is no ${what} '${name}'. ${suggestionFor(name, names) ?? ''}`.trim());
}
