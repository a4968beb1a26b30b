import { z } from 'zod';

/** A dotted path into a document of the team's data. */
const Field = z
  .string()
  .regex(/^[^.\s"'`\\]+(\.[^.\s"'`\\]+)*$/, 'must be the name of a field, or a path like stats.lastLoginAt');
const Collection = z.string().min(1).max(200);
/** A value in the documents, and its display name. */
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
    /** The last login, order and campaign. Null if there was none: documents without the field are not listed. */
    lastLoginAt: Field,
    lastOrderAt: Field,
    lastCampaignAt: Field,
  }),
  /** The values of `status` that mark a current customer. */
  activeStatus: z.array(z.string()).min(1),
  /**
   * The roles by which signups are counted; a user with one of them is a customer. At most as many as one query allows.
   */
  roles: z.array(Word).min(1).max(10),
  sources: z.array(Word).min(1).max(20),
  /** Steps from signup to paying customer, each with the field for the time it was reached. */
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
  /** `amount` is monthly recurring revenue, always positive; `kind` gives the direction. */
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
  /** One document per hour (or minute): when it began, the number of requests, and how many of them failed. */
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
 * Where the team's data is: `playbooks/platform.yaml` maps each term to a collection and a field. Omit what the team
 * does not have; tools that need it report that.
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
