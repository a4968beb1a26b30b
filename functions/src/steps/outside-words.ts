import { writtenWords } from '#language/playbook/written-words.ts';
import type { NamedByStep } from './definition/step-view.ts';

/** The effects of notifying people, a text for each channel: `A mail to reports (ann@example.com)`. */
export function messageWords(
  names: readonly string[],
  recipients: readonly string[],
  { channels, roles }: NamedByStep,
): readonly string[] {
  const to = recipients.map((recipient) => recipientWords(recipient, roles)).join(', ');
  return names.map((name) => {
    const channel = channels.find((known) => known.name === name);
    return channel === undefined ? `A message through ${writtenWords(name)}` : channel.outsideWords(to);
  });
}

/** A role with its addresses, or an address. */
export function recipientWords(recipient: string, roles: NamedByStep['roles']): string {
  const addresses = Object.hasOwn(roles, recipient) ? (roles[recipient] ?? []) : [];
  return addresses.length === 0 ? writtenWords(recipient) : `${recipient} (${addresses.join(', ')})`;
}
