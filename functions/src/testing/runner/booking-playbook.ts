import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';

/** The paths of the steps that book in the ledger, in the order in which they run. */
export const BOOKINGS: readonly string[] = ['order', 'any.refund', 'report'];

/** The people of a test's playbooks: one operator, who may be told. */
export const PEOPLE = {
  roles: { operator: ['operator@example.com'] },
  allowedRecipients: [],
  allowedLinkHosts: [],
  sender: { email: 'playbooks@example.com', name: 'Playbooks' },
};

/** A playbook to seed. */
export interface BookingPlaybook {
  readonly id: string;
  readonly ledgerUrl: string;
  /** `10m` by default. */
  readonly deadline?: string;
}

/** Seeds a playbook that books in a ledger, opens a thread, and tells people, so that every kind of write happens. */
export async function seedBookings(documents: Documents, { id, ledgerUrl, deadline }: BookingPlaybook): Promise<void> {
  const book = (step: string) => ({
    id: step,
    type: 'tool_call',
    tool: 'httpRequest',
    with: { method: 'POST', url: `${ledgerUrl}/${step}`, body: { id: step } },
  });
  const see = 'See the ledger.';
  const playbook = Playbook.parse({
    id,
    name: 'Killed',
    ...(deadline === undefined ? {} : { deadline }),
    steps: [
      book('order'),
      { id: 'any', type: 'condition', if: 'steps.order.output.body.booked', then: [book('refund')] },
      { id: 'note', type: 'create_thread', kind: 'note', assignee: 'operator', title: 'Booked', body: see },
      { id: 'tell', type: 'notify', channels: ['dashboard'], subject: 'Booked', body: see },
      book('report'),
    ],
  });
  await seedSettings(documents, { people: PEOPLE, agents: [] }, new Date());
  await applySeed(documents, [{ playbook, version: 'v1', source: '' }], new Date());
}
