import { cut } from './cut.ts';
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

/**
 * Whether mail may be sent to an address. Recipients are addresses (`a@b.c`) and domains (`@b.c`); an empty list allows
 * all.
 */
export function mayBeWrittenTo(address: string, allowedRecipients: readonly string[]): boolean {
  if (allowedRecipients.length === 0) return true;
  const wanted = address.toLowerCase();
  const domain = wanted.slice(wanted.lastIndexOf('@'));
  return allowedRecipients.some((entry) => [wanted, domain].includes(entry.toLowerCase()));
}

/** Why no mail may be sent to an address, as a sentence; undefined if it may. */
export function addressProblem(address: string, allowedRecipients: readonly string[]): string | undefined {
  const shown = JSON.stringify(cut(address, 100));
  if (!ADDRESS.test(address)) return `${shown} is not a valid mail address.`;
  if (mayBeWrittenTo(address, allowedRecipients)) return undefined;
  return `${shown} is not an allowed recipient; if it should be, add it to allowedRecipients in people.yaml.`;
}
