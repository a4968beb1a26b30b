import type { People } from '#language/settings/people.ts';
import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';

/**
 * The addresses of recipients, which are roles of `people.yaml` or addresses, each once, in order. Throws `input_invalid` for
 * an unknown role.
 */
export function addressesOf(recipients: readonly string[], people: People): readonly string[] {
  const addresses = recipients.flatMap((recipient) => {
    if (recipient.includes('@')) return [recipient.trim()];
    const addressesOfRole = Object.hasOwn(people.roles, recipient) ? people.roles[recipient] : undefined;
    if (addressesOfRole !== undefined) return addressesOfRole;
    const suggestion = suggestionFor(recipient, Object.keys(people.roles)) ?? 'There are no roles yet.';
    throw new PlaybookError('input_invalid', `people.yaml has no role '${recipient}'. ${suggestion}`);
  });
  const seen = new Map(addresses.map((address) => [address.toLowerCase(), address]));
  return [...seen.values()];
}
