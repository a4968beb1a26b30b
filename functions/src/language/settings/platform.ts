import { z } from 'zod';

/** A dotted path into a document of the team's own data. */
const Field = z
  .string()
  .regex(/^[^.\s"'`\\]+(\.[^.\s"'`\\]+)*$/, 'must be the name of a field, or a path like stats.lastLoginAt');
const Collection = z.string().min(1).max(200);
/** A value as it stands in the documents, and the word that people read for it. */
const Word = z.strictObject({ value: z.string().min(1), name: z.string().min(1) });

const Users = z.strictObject({
  collection: Collection,
  fields: z.strictObject({
    name: Field,
    email: Field,
    role: Field,
    source: Field,
    status: Field,
    createdAt: Field,
    /** The last login, order and campaign. Null where there was none: a document that lacks the field is not listed. */
    lastLoginAt: Field,
    lastOrderAt: Field,
    lastCampaignAt: Field,
  }),
  /** The values of `status` of somebody who is still with us. */
  activeStatus: z.array(z.string()).min(1),
  /** The roles that signups are counted by; whoever has one of them is a customer. At most as many as one query may name. */
  roles: z.array(Word).min(1).max(10),
  sources: z.array(Word).min(1).max(20),
  /** Steps from the signup to a paying customer, each with the field that holds when it was reached. */
  funnel: z
    .array(z.strictObject({ id: z.string().min(1), name: z.string().min(1), field: Field }))
    .min(1)
    .max(10),
});

const Orders = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ customerId: Field, amount: Field, products: Field, createdAt: Field, status: Field }),
  /** The values of `status` that count as revenue. */
  revenueStatus: z.array(z.string()).min(1).max(10),
});

const Subscriptions = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ customerId: Field, mrr: Field, status: Field, startedAt: Field, canceledAt: Field }),
  activeStatus: z.array(z.string()).min(1).max(10),
});

const SubscriptionEvents = z.strictObject({
  collection: Collection,
  /** `amount` is monthly recurring revenue, always positive; `kind` says which way it went. */
  fields: z.strictObject({ customerId: Field, kind: Field, amount: Field, at: Field }),
  kinds: z.strictObject({ new: z.string(), expansion: z.string(), contraction: z.string(), churn: z.string() }),
});

const Campaigns = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ customerId: Field, sentAt: Field }),
});

const Tickets = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ customerId: Field, status: Field, createdAt: Field, subject: Field }),
  openStatus: z.array(z.string()).min(1).max(10),
});

const Traffic = z.strictObject({
  collection: Collection,
  /** One document per hour (or minute): when it began, how many requests came, how many of them failed. */
  fields: z.strictObject({ at: Field, requests: Field, errors: Field }),
});

const Quotas = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ service: Field, used: Field, limit: Field }),
});

const Logs = z.strictObject({
  collection: Collection,
  fields: z.strictObject({ severity: Field, message: Field, service: Field, at: Field }),
  /** The values of `severity`, from harmless to worst. */
  severities: z.array(z.string()).min(1).max(10),
  /** Those that count as a critical error. */
  critical: z.array(z.string()).min(1).max(10),
});

/**
 * Where the team's own data lives: `playbooks/platform.yaml` names the collection and the field behind each word. What a
 * team does not have is left out; the tools that need it then say so.
 */
export const Platform = z.strictObject({
  users: Users,
  orders: Orders.optional(),
  subscriptions: Subscriptions.optional(),
  subscriptionEvents: SubscriptionEvents.optional(),
  campaigns: Campaigns.optional(),
  tickets: Tickets.optional(),
  traffic: Traffic.optional(),
  quotas: Quotas.optional(),
  logs: Logs.optional(),
});
export type Platform = z.infer<typeof Platform>;
