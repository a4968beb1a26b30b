import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { JsonObject } from '#core/json.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { notify } from './notify.ts';

const news = { channels: ['email', 'dashboard'], to: ['reports'], subject: 'News', body: 'All is *well*.' };

function scene() {
  const documents = sqliteDocuments({ file: ':memory:' });
  const ports = stepPorts({ documents });
  return {
    tell: async (input: JsonObject, changes = {}) =>
      notify.output.parse(await attemptStep(notify, input, stepContext(changes), ports)),
    kept: () => documents.query({ collection: 'playbook_notifications' }),
  };
}

describe('a notification', () => {
  test('goes to the people in a role on every channel; without credentials it is caught', async () => {
    const { tell, kept } = scene();
    expect(await tell(news)).toMatchObject({
      deliveries: [
        { channel: 'email', to: 'martez@bakedbot.ai', status: 'caught' },
        { channel: 'email', to: 'rishabh@bakedbot.ai', status: 'caught' },
        { channel: 'dashboard', status: 'sent' },
      ],
    });
    expect(await kept()).toHaveLength(2);
  });

  test('that is repeated is not sent twice', async () => {
    const { tell, kept } = scene();
    const first = await tell(news);
    expect(await tell(news, { attempt: 2 })).toEqual(first);
    expect(await kept()).toHaveLength(2);
  });

  test('to a channel named twice is sent once', async () => {
    const { tell } = scene();
    expect(await tell({ ...news, channels: ['dashboard', 'dashboard'] })).toMatchObject({
      deliveries: [{ channel: 'dashboard' }],
    });
  });

  test('to a dashboard needs no recipients, a mail does', async () => {
    const { to: _, ...nobody } = news;
    const { tell, kept } = scene();
    await tell({ ...nobody, channels: ['dashboard'] });
    await expect(tell(nobody)).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining("'to'"),
    });
    expect(await kept()).toHaveLength(1);
  });

  test('for an unknown role, or on an unknown channel, notifies no one', async () => {
    const { tell, kept } = scene();
    await expect(tell({ ...news, to: ['reprots'] })).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(tell({ ...news, channels: ['dashboard', 'slak'] })).rejects.toMatchObject({ code: 'unknown_channel' });
    expect(await kept()).toEqual([]);
  });

  test('contains no invisible characters, but keeps its lines and emoji', async () => {
    const { tell, kept } = scene();
    await tell({ ...news, channels: ['dashboard'], subject: 'Pay\u200b\u202eneve', body: 'a\u{e0041}b\u0007\n👩‍💻' });
    expect((await kept())[0]?.data).toMatchObject({ subject: 'Payneve', body: 'ab\n👩‍💻' });
  });

  test.each(['x'.repeat(100_000), `a@${'a'.repeat(100_000)}`])(
    'to an endless address is refused immediately',
    async (to) => {
      const { tell } = scene();
      await expect(tell({ ...news, to: [to] })).rejects.toMatchObject({ code: 'input_invalid' });
    },
  );
});

describe('a notification of an alert', () => {
  const alert = { priority: 'high', subject: 'Test failed', body: 'No.', onlyInside: false } as const;
  const fieldsOf = (changes: object) =>
    notify.bind(stepPorts()).alertFields?.({ ...alert, channels: ['email'], to: ['reports'], ...changes });

  test("goes to the playbook's alert channels", () => {
    expect(fieldsOf({})).toMatchObject({
      channels: ['email'],
      to: ['reports'],
      priority: 'high',
      subject: 'Test failed',
    });
  });

  test.each([
    ['that may not use outside services', { onlyInside: true }],
    ['without a channel', { channels: [] }],
  ])('%s is shown only in the console', (_, changes) => {
    expect(fieldsOf(changes)).toEqual({
      channels: ['dashboard'],
      priority: 'high',
      subject: 'Test failed',
      body: 'No.',
    });
  });
});
