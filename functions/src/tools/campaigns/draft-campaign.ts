import { z } from 'zod';
import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { campaignMail, discountCode, type CampaignFacts } from './campaign-mail.ts';
import { reserveContact, type ContactWish } from './contact-reservation.ts';
import { customerOf, daysSince, isCustomer, type Customer } from '../customers/customers.ts';
import { InactivityReason } from '../customers/get-inactive-customers.ts';
import { inParallel } from '../in-parallel.ts';
import { instantAt, mapped } from '../platform/platform-data.ts';
import { recommender } from './recommendations.ts';
import { defineTool } from '../tool.ts';

const PARALLEL = 5;

/** The usual terms, and the only ones for an agent, because data may have manipulated it. */
const USUAL = { discountPercent: 15, validDays: 14, contactEveryDays: 14 } as const;

const CustomerId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!\.{1,2}$|__.*__$)[^/]+$/, 'must be the id of a customer, without a slash');

const Draft = z.object({
  customerId: z.string(),
  name: z.string(),
  to: z.string(),
  reason: InactivityReason,
  subject: z.string(),
  /** Markdown without HTML. */
  body: z.string(),
  discountCode: z.string(),
  discountPercent: z.number(),
  validUntil: z.string(),
  favourites: z.array(z.string()),
  recommendations: z.array(z.string()),
});
const Skipped = z.object({ customerId: z.string(), reason: z.string() });

type Answer = { readonly draft: z.infer<typeof Draft> } | { readonly skipped: z.infer<typeof Skipped> };

/** Mails to win customers back: written, never sent. */
export const draftCampaign = defineTool({
  name: 'draftCampaign',
  summary:
    'Drafts a personal re-engagement mail for each customer, with a discount code and recommendations; sends nothing, and leaves out customers whom another playbook has contacted recently.',
  effect: 'keyed',
  /** Names, addresses and orders are read from the database by id, so the input cannot falsify them. */
  input: z.strictObject({
    customers: z.array(z.object({ id: CustomerId, reason: InactivityReason })).max(200),
    discountPercent: z.number().int().min(1).max(90).default(USUAL.discountPercent),
    /** The number of days that the code is valid. */
    validDays: z.number().int().min(1).max(90).default(USUAL.validDays),
    /** A customer is contacted at most once in this many days, by all playbooks together. */
    contactEveryDays: z.number().int().min(1).max(365).default(USUAL.contactEveryDays),
  }),
  output: z.object({ drafted: z.number().int(), drafts: z.array(Draft), skipped: z.array(Skipped) }),
  example: { customers: [{ id: 'user-42', reason: 'no_login' }], discountPercent: 15 },
  async run({ customers, ...terms }, context) {
    const { discountPercent, validDays, contactEveryDays } = terms;
    if (context.caller === 'agent') refuseOtherTerms(terms);
    const { documents, settings } = context.ports;
    const platform = await settings.platform();
    const wish: ContactWish = {
      executionId: context.executionId,
      idempotencyKey: context.idempotencyKey,
      everyDays: contactEveryDays,
      now: context.clock.now(),
    };
    const recommend = recommender(documents, mapped(platform.orders, 'orders'));
    const wanted = new Map(customers.map((customer) => [customer.id, customer]));
    const answers = await inParallel([...wanted.values()], PARALLEL, async ({ id, reason }): Promise<Answer> => {
      context.signal.throwIfAborted();
      const customer = await load(documents, platform.users, id);
      if (typeof customer === 'string') return { skipped: { customerId: id, reason: customer } };
      const reservation = await reserveContact(documents, id, wish);
      if (!reservation.reserved) {
        const until = reservation.until.toISOString().slice(0, 10);
        const skipped = `Contacted by execution ${reservation.executionId}; may be contacted again from ${until}.`;
        return { skipped: { customerId: id, reason: skipped } };
      }
      const validUntil = new Date(reservation.at.getTime() + validDays * DAY_MS);
      const offer = { discountPercent, validUntil, code: discountCode(reservation.key, id) };
      // Days are counted at the time of the reservation, so that a repetition on the next day writes the same mail.
      const days = daysSince(lastSeen(customer, reason, platform.users), reservation.at);
      return {
        draft: draftOf(customer, { reason, days, recommendation: await recommend(id, reservation.at), ...offer }),
      };
    });
    const drafts = answers.flatMap((answer) => ('draft' in answer ? [answer.draft] : []));
    const skipped = answers.flatMap((answer) => ('skipped' in answer ? [answer.skipped] : []));
    return { drafted: drafts.length, drafts, skipped };
  },
});

function refuseOtherTerms({
  discountPercent,
  validDays,
  contactEveryDays,
}: Readonly<Record<keyof typeof USUAL, number>>): void {
  const isUsual =
    discountPercent === USUAL.discountPercent &&
    validDays === USUAL.validDays &&
    contactEveryDays === USUAL.contactEveryDays;
  if (isUsual) return;
  throw new PlaybookError('rejected', 'Only a playbook may change the terms of a campaign; leave them out.');
}

/** The customer, or a sentence that says why they must not be contacted. */
async function load(documents: Documents, users: Platform['users'], id: string): Promise<Customer | string> {
  const stored = await documents.get(`${users.collection}/${id}`);
  if (stored === undefined) return 'There is no user with this id.';
  const customer = customerOf(stored, users);
  if (!isCustomer(customer, users)) return 'This user is not an active customer.';
  return /^[^\s@]+@[^\s@]+$/.test(customer.email) ? customer : 'This customer has no valid mail address.';
}

function lastSeen({ stored }: Customer, reason: InactivityReason, { fields }: Platform['users']): Date | null {
  const fieldOf = { no_login: fields.lastLoginAt, no_orders: fields.lastOrderAt, no_campaigns: fields.lastCampaignAt };
  return instantAt(stored.data, fieldOf[reason]);
}

function draftOf({ id, name, email }: Customer, terms: Omit<CampaignFacts, 'name'>): z.infer<typeof Draft> {
  const { subject, body } = campaignMail({ name, ...terms });
  return {
    customerId: id,
    name,
    to: email,
    reason: terms.reason,
    subject,
    body,
    discountCode: terms.code,
    discountPercent: terms.discountPercent,
    validUntil: terms.validUntil.toISOString(),
    favourites: [...terms.recommendation.favourites],
    recommendations: [...terms.recommendation.suggested],
  };
}
