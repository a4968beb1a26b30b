import { cut } from '#core/cut.ts';
import { createHash } from 'node:crypto';
import type { InactivityReason } from '../customers/get-inactive-customers.ts';
import type { Recommendation } from './recommendations.ts';

/** The facts for a mail to one customer. */
export interface CampaignFacts {
  readonly name: string;
  readonly reason: InactivityReason;
  /** Full days of inactivity; null if the customer was never active. */
  readonly days: number | null;
  readonly recommendation: Recommendation;
  readonly code: string;
  readonly discountPercent: number;
  readonly validUntil: Date;
}

/** A mail, ready for a person's review. */
export interface CampaignMail {
  readonly subject: string;
  /** Markdown without HTML; data is escaped. */
  readonly body: string;
}

/** The discount code of one customer in one campaign: the same for the same key, on every attempt. */
export function discountCode(idempotencyKey: string, customerId: string): string {
  const digest = createHash('sha256').update(`${idempotencyKey}\n${customerId}`).digest('hex');
  return `WEMISSYOU-${digest.slice(0, 8).toUpperCase()}`;
}

/** Writes the mail: the same facts give the same text. */
export function campaignMail(facts: CampaignFacts): CampaignMail {
  const firstName = oneLine(facts.name).split(' ')[0] || 'there';
  const { discountPercent, code, validUntil } = facts;
  return {
    subject: subjectFor(facts, firstName),
    body: [
      `Hi ${escaped(firstName)},`,
      opening(facts),
      recommendationText(facts.recommendation),
      `We miss you, so here is **${discountPercent}% off** your next order with the code **${code}** (valid until ${validUntil.toISOString().slice(0, 10)}).`,
      'Is something not working for you? Reply to this mail, and a person will read it.',
    ].join('\n\n'),
  };
}

function subjectFor({ reason, days, recommendation, discountPercent }: CampaignFacts, firstName: string): string {
  const favourite = recommendation.favourites[0];
  switch (reason) {
    case 'no_login':
      return days === null
        ? `${firstName}, your account is ready and waiting`
        : `${firstName}, we have not seen you for ${inDays(days)}`;
    case 'no_orders':
      return favourite === undefined
        ? `${firstName}, ${discountPercent}% off your first order`
        : `${firstName}, time for more ${oneLine(favourite)}?`;
    case 'no_campaigns':
      return days === null
        ? `${firstName}, your first campaign takes five minutes`
        : `${firstName}, ${inDays(days)} without a campaign: shall we plan the next one?`;
  }
}

function opening({ reason, days }: CampaignFacts): string {
  switch (reason) {
    case 'no_login':
      return days === null
        ? 'You opened an account with us and have not signed in since. It takes a minute to look around.'
        : `It has been ${inDays(days)} since you last signed in, and we would like to have you back.`;
    case 'no_orders':
      return days === null
        ? 'You have everything set up; only the first order is missing.'
        : `Your last order was ${inDays(days)} ago. Perhaps your shelf is getting empty?`;
    case 'no_campaigns':
      return days === null
        ? 'You have not sent a campaign yet. Your customers would like to hear from you.'
        : `Your last campaign was ${inDays(days)} ago. Your customers would like to hear from you again.`;
  }
}

function recommendationText({ favourites, suggested }: Recommendation): string {
  const items = suggested.map((product) => `- ${escaped(oneLine(product))}`).join('\n');
  if (favourites.length === 0) {
    return items === '' ? 'Have a look at what is new.' : `This is what others like best:\n\n${items}`;
  }
  const liked = favourites.map((product) => `**${escaped(oneLine(product))}**`).join(' and ');
  return items === ''
    ? `You liked ${liked}: there is more where that came from.`
    : `You liked ${liked}. Customers who did also chose:\n\n${items}`;
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/** Data as one line of text: no line breaks, no control characters, no repeated spaces. */
function oneLine(text: string): string {
  return cut(text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim(), 80);
}

/** Data as text that Markdown does not read as markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!|<>~&]/g, String.raw`\$&`);
}
