import { cut } from './cut.ts';
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

/** Whether an address is among those that may be written to: addresses (`a@b.c`) and domains (`@b.c`); empty: any. */
export function mayBeWrittenTo(address: string, allowedRecipients: readonly string[]): boolean {
  if (allowedRecipients.length === 0) return true;
  const wanted = address.toLowerCase();
  const domain = wanted.slice(wanted.lastIndexOf('@'));
  return allowedRecipients.some((entry) => [wanted, domain].includes(entry.toLowerCase()));
}

/** Why nothing may be sent to an address, in a sentence; undefined where it may. */
export function addressProblem(address: string, allowedRecipients: readonly string[]): string | undefined {
  const shown = JSON.stringify(cut(address, 100));
  if (!ADDRESS.test(address)) return `${shown} is not a mail address.`;
  if (mayBeWrittenTo(address, allowedRecipients)) return undefined;
  return `${shown} may not be written to; allow it in allowedRecipients of people.yaml if it is meant.`;
}
