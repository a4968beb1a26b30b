import { type FailureCode, PlaybookError } from './failure.ts';
import { suggestionFor } from './nearest.ts';

/**
 * The item of this name in a list. Throws the given code if it has none, with the name probably meant: `Unknown tool
 * 'x'. …`
 */
export function oneNamed<Named extends { readonly name: string }>(
  list: readonly Named[],
  name: string,
  { what, code }: { readonly what: string; readonly code: FailureCode },
): Named {
  const found = list.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = list.map((one) => one.name);
  throw new PlaybookError(code, `Unknown ${what} '${name}'. ${suggestionFor(name, names) ?? ''}`.trim());
}
