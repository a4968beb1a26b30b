import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { listNotifications, loadNotification, type Notification, outcomeOf } from './notifications.ts';

let documents: Documents;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
});

afterEach(async () => {
  await documents.close();
});

type Changes = Partial<Pick<Notification, 'channel' | 'playbookId' | 'executionId'>> & { readonly fails?: boolean };

function aMessage(minute: number, { fails = false, ...changes }: Changes = {}): Notification {
  const recipient = { channel: changes.channel ?? 'email', to: 'leo@bakedbot.ai' };
  const failed = { status: 'failed', messageId: null, retryable: false, reason: 'No.', ambiguous: false } as const;
  const caught = { ...recipient, status: 'caught', messageId: `m${minute}` } as const;
  return {
    executionId: 'ops_check_20261120T1400Z',
    playbookId: 'ops_check',
    stepPath: 'tell',
    channel: 'email',
    priority: 'high',
    subject: `Message ${minute}`,
    body: '# Hello',
    ...outcomeOf([fails ? { ...recipient, ...failed } : caught]),
    createdAt: new Date(Date.UTC(2026, 10, 20, 14, minute)),
    expireAt: new Date('2027-12-31T00:00:00.000Z'),
    ...changes,
  };
}

async function keep(messages: readonly Notification[]): Promise<void> {
  const writes = messages.map(
    (data, index) => ({ kind: 'create', path: `playbook_notifications/m${index}`, data }) as const,
  );
  await documents.commit(writes);
}

describe('messages', () => {
  test('are listed newest first, page by page, without their texts', async () => {
    await keep([aMessage(0), aMessage(2), aMessage(1)]);
    const first = await listNotifications(documents, {}, { limit: 2 });
    const second = await listNotifications(documents, {}, { limit: 2, after: first.next });

    expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual([
      'Message 2',
      'Message 1',
      'Message 0',
    ]);
    expect(second.next).toBeUndefined();
    expect(first.items[0]).not.toHaveProperty('body');
  });

  test.each([
    [{ channel: 'slack' }, ['m1']],
    [{ status: 'failed' as const }, ['m2']],
    [{ playbookId: 'ops_other' }, ['m3']],
    [{ executionId: 'other', channel: 'email' }, ['m3']],
    [{ channel: 'slack', status: 'failed' as const }, []],
  ])('of %j are found', async (filter, ids) => {
    await keep([
      aMessage(0),
      aMessage(1, { channel: 'slack' }),
      aMessage(2, { fails: true }),
      aMessage(3, { playbookId: 'ops_other', executionId: 'other' }),
    ]);

    expect((await listNotifications(documents, filter, { limit: 10 })).items.map(({ id }) => id)).toEqual(ids);
  });

  test('that cannot be read do not hide others', async () => {
    await keep([aMessage(0), aMessage(1)]);
    const changes = [{ field: ['status'], value: 'lost' }];
    await documents.commit([{ kind: 'update', path: 'playbook_notifications/m1', changes }]);
    const { items, unreadable } = await listNotifications(documents, {}, { limit: 10 });

    expect([items.map(({ id }) => id), unreadable.map(({ id }) => id)]).toEqual([['m0'], ['m1']]);
  });

  test('are read in full, one by one', async () => {
    await keep([aMessage(0)]);

    expect(await loadNotification(documents, 'm0')).toEqual(aMessage(0));
    expect(await loadNotification(documents, 'm9')).toBeUndefined();
  });

  test.each([0, -1, 1.5, 101, NaN])('are not listed %d at a time', async (limit) => {
    await expect(listNotifications(documents, {}, { limit })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
