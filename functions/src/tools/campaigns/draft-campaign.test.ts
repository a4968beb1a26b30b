import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { DocumentData } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { contactPath } from './contact-reservation.ts';
import { draftCampaign } from './draft-campaign.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-20T15:00:00.000Z');

const Output = z.object({
  drafted: z.number(),
  drafts: z.array(
    z.looseObject({
      customerId: z.string(),
      subject: z.string(),
      body: z.string(),
      discountCode: z.string(),
      recommendations: z.array(z.string()),
    }),
  ),
  skipped: z.array(z.object({ customerId: z.string(), reason: z.string() })),
});

describe('draftCampaign', () => {
  let documents = sqliteDocuments({ file: ':memory:' });
  let clock = fakeClock(NOW.toISOString());

  beforeEach(async () => {
    documents = sqliteDocuments({ file: ':memory:' });
    clock = fakeClock(NOW.toISOString());
    await put('users/ada', customer('Ada Abbott'));
    await put('users/ben', customer('Ben Brandt'));
  });

  function ago(days: number): Date {
    return new Date(NOW.getTime() - days * DAY_MS);
  }

  function customer(name: string, changes: DocumentData = {}): DocumentData {
    const last = { lastLoginAt: ago(20), lastOrderAt: ago(30), lastCampaignAt: null };
    return {
      name,
      email: 'someone@example.com',
      role: 'brand',
      status: 'active',
      createdAt: ago(90),
      ...last,
      ...changes,
    };
  }

  async function put(path: string, data: DocumentData): Promise<void> {
    await documents.commit([{ kind: 'set', path, data }]);
  }

  async function order(id: string, customerId: string, products: readonly string[]): Promise<void> {
    await put(`orders/${id}`, { customerId, products, amount: 10, status: 'paid', createdAt: ago(30) });
  }

  async function draft(executionId: string, input: object): Promise<z.infer<typeof Output>> {
    return Output.parse(await draftCampaign.call(input, toolContext({ documents, clock, executionId })));
  }

  const ada = { customers: [{ id: 'ada', reason: 'no_login' }] };

  test('writes the subject for the reason, with the days of inactivity', async () => {
    const subjects = await Promise.all(
      ['no_login', 'no_orders', 'no_campaigns'].map(
        async (reason) => (await draft('e1', { customers: [{ id: 'ada', reason }] })).drafts[0]?.subject,
      ),
    );
    expect(subjects).toEqual([
      'Ada, we have not seen you for 20 days',
      'Ada, 15% off your first order',
      'Ada, your first campaign takes five minutes',
    ]);
  });

  test('recommends what others ordered with the favourite and this customer has not ordered', async () => {
    await order('o1', 'ada', ['Tea', 'Honey']);
    await order('o2', 'ada', ['Tea']);
    await order('o3', 'ben', ['Tea', 'Biscuits']);
    await order('o4', 'ben', ['Coffee']);
    const { drafts } = await draft('e1', ada);
    expect(drafts).toMatchObject([{ favourites: ['Tea', 'Honey'], recommendations: ['Biscuits'] }]);
    expect(drafts[0]?.body).toMatch(/You liked \*\*Tea\*\* and \*\*Honey\*\*.*- Biscuits/s);
  });

  test('recommends bestsellers to a customer who never ordered', async () => {
    await order('o1', 'ben', ['Tea']);
    await order('o2', 'ben', ['Tea', 'Coffee']);
    expect((await draft('e1', ada)).drafts[0]?.recommendations).toEqual(['Tea', 'Coffee']);
  });

  test('gives each customer a separate code', async () => {
    const { drafts } = await draft('e1', { customers: [...ada.customers, { id: 'ben', reason: 'no_login' }] });
    expect(new Set(drafts.map(({ discountCode }) => discountCode)).size).toBe(2);
    expect(drafts[0]?.body).toContain(drafts[0]?.discountCode);
  });

  test('gives the same execution the same drafts again, even a day later and after new orders', async () => {
    const first = await draft('e1', ada);
    clock.advance(DAY_MS);
    await put('orders/late', {
      customerId: 'ada',
      products: ['Late'],
      amount: 1,
      status: 'paid',
      createdAt: clock.now(),
    });
    expect(await draft('e1', ada)).toEqual(first);
  });

  test('leaves out customers whom another execution has contacted in the last 14 days', async () => {
    await draft('weekly', ada);
    clock.advance(13 * DAY_MS);
    expect(await draft('daily', ada)).toMatchObject({
      drafted: 0,
      skipped: [{ customerId: 'ada', reason: expect.stringContaining('weekly') }],
    });
    clock.advance(DAY_MS);
    expect(await draft('daily2', ada)).toMatchObject({ drafted: 1, skipped: [] });
  });

  test('gives a customer that 10 executions want at the same moment to one of them', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, (_, index) => draft(`e${index}`, ada)));
    expect(all.map(({ drafted }) => drafted).reduce((sum, drafted) => sum + drafted)).toBe(1);
  });

  test('gives a customer whose reservation has expired to one of 10 executions that want it at the same moment', async () => {
    await draft('weekly', ada);
    clock.advance(15 * DAY_MS);
    const all = await Promise.all(Array.from({ length: 10 }, (_, index) => draft(`e${index}`, ada)));
    expect(all.map(({ drafted }) => drafted).reduce((sum, drafted) => sum + drafted)).toBe(1);
  });

  test('skips deleted users, users who are not customers or have no address, and reserves none of them', async () => {
    await put('users/closed', customer('Cleo', { status: 'closed' }));
    await put('users/staff', customer('Dana', { role: 'staff' }));
    await put('users/mute', customer('Eli', { email: '' }));
    const ids = ['closed', 'staff', 'mute', 'nobody'];
    const { drafted, skipped } = await draft('e1', { customers: ids.map((id) => ({ id, reason: 'no_login' })) });
    expect({ drafted, skipped: skipped.length }).toEqual({ drafted: 0, skipped: 4 });
    for (const id of ids) expect(await documents.get(contactPath(id))).toBeUndefined();
  });

  test('takes name and address from the database, not from its input', async () => {
    const input = { customers: [{ id: 'ada', reason: 'no_login', name: 'Eve', email: 'eve@evil.example' }] };
    expect((await draft('e1', input)).drafts).toMatchObject([{ name: 'Ada Abbott', to: 'someone@example.com' }]);
  });

  test('keeps markup and line breaks of names and products out of the mail', async () => {
    await put('users/ada', customer('[Ada](https://evil.example)\r\nBcc: x'));
    await order('o1', 'ada', ['<img src=x>', '# Tea']);
    const { drafts } = await draft('e1', ada);
    expect(drafts[0]?.subject).not.toMatch(/[\r\n]/);
    expect(drafts[0]?.body).not.toMatch(/(?<!\\)<|(?<!\\)\]\(|(?<!\\)# Tea/);
  });

  test.each(['ada/secrets/x', '.', '..', '__ada__'])('refuses %s, which is not a valid id', async (id) => {
    await expect(draft('e1', { customers: [{ id, reason: 'no_login' }] })).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  test.each([{ discountPercent: 90 }, { validDays: 90 }, { contactEveryDays: 1 }, { contactEveryDays: 365 }])(
    'does not let an agent change the terms to %j',
    async (terms) => {
      const context = { ...toolContext({ documents, clock }), caller: 'agent' as const };
      await expect(draftCampaign.call({ ...ada, ...terms }, context)).rejects.toMatchObject({ code: 'rejected' });
      expect(await draftCampaign.call(ada, context)).toMatchObject({ drafted: 1 });
    },
  );
});
