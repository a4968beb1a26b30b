import { describe, expect, test } from 'vitest';
import { campaignMail, type CampaignFacts } from './campaign-mail.ts';

const FACTS: CampaignFacts = {
  name: 'Ada Byron',
  reason: 'no_login',
  days: 20,
  recommendation: { favourites: ['Tea'], suggested: ['Coffee'] },
  code: 'WEMISSYOU-1',
  discountPercent: 15,
  validUntil: new Date('2026-12-12T00:00:00.000Z'),
};
const REASONS = ['no_login', 'no_orders', 'no_campaigns'] as const;

describe('the mail to a customer', () => {
  test.each(REASONS.flatMap((reason) => [null, 1, 20].map((days) => ({ reason, days }))))(
    'for $reason after $days days is in whole sentences that begin with a capital letter',
    ({ reason, days }) => {
      const { subject, body } = campaignMail({ ...FACTS, reason, days });
      const [greeting, opening] = body.split('\n\n');
      expect(greeting).toBe('Hi Ada,');
      expect(opening).toMatch(/^[A-Z].*[.?]$/);
      expect(`${subject} ${body}`).not.toMatch(/\b1 days|null|undefined| %/);
    },
  );

  test('names the discount, the code and until when it is valid', () => {
    expect(campaignMail(FACTS).body).toContain(
      '**15% off** your next order with the code **WEMISSYOU-1** (valid until 2026-12-12)',
    );
  });
});
