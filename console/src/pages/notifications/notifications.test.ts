import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { outcomeOf, type KeptReceipt, type Notification } from '#records/notifications/notifications.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

const SENT = {
  executionId: 'e1',
  playbookId: 'ops_daily',
  stepPath: 'tell',
  channel: 'email',
  priority: 'high',
  subject: 'Two integrations are offline',
  body: '## Offline\n\n- **crm**: timeout',
  createdAt: new Date('2026-11-20T13:00:00.000Z'),
  expireAt: new Date('2027-12-25T00:00:00.000Z'),
} as const satisfies Omit<Notification, 'status' | 'deliveries'>;

let documents: CountedDocuments;
let console: TestConsole;

beforeEach(async () => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
  console = await openTestConsole({ documents });
});
afterEach(() => console.close());

const html = async (path: string): Promise<string> => (await console.get(path)).text();

const CAUGHT = { channel: 'slack', to: 'Slack', status: 'caught', messageId: 'm2' } as const;

interface Given extends Partial<Omit<Notification, 'status' | 'deliveries'>> {
  readonly deliveries?: readonly KeptReceipt[];
}

async function keep(id: string, { deliveries, ...given }: Given = {}): Promise<void> {
  const { channel = 'email' } = given;
  const made = deliveries ?? [{ channel, to: 'ann@example.com', status: 'sent', messageId: 'm1' }];
  const data = { ...SENT, ...given, ...outcomeOf(made) };
  await documents.commit([{ kind: 'set', path: `playbook_notifications/${id}`, data }]);
}

describe('the list of messages', () => {
  test('says how a message comes to be while there is none', async () => {
    expect(await html('/notifications')).toContain('No messages yet.');
  });

  test('is filtered by channel, status, playbook and execution', async () => {
    await keep('a');
    await keep('b', { channel: 'slack', deliveries: [CAUGHT], subject: 'In Slack' });
    await keep('c', { playbookId: 'ops_weekly', executionId: 'e2', subject: 'Weekly' });
    expect(await html('/notifications?channel=slack')).toMatch(/In Slack(?![\s\S]*Weekly)/);
    expect(await html('/notifications?status=caught')).not.toContain('Two integrations');
    expect(await html('/notifications?playbook=ops_weekly')).not.toContain('In Slack');
    expect(await html('/notifications?execution=e2')).not.toContain('In Slack');
    expect(await html('/notifications?status=failed')).toContain('No messages match these filters.');
  });

  test('is read page by page, with at most 60 documents', async () => {
    for (let index = 0; index < 60; index += 1) {
      await keep(`n-${index}`, { subject: `Subject ${index}!`, createdAt: new Date(Date.UTC(2026, 10, 1, 0, index)) });
    }
    documents.reset();
    const first = await html('/notifications');
    expect(documents.counts().reads).toBeLessThanOrEqual(60);
    expect(first).toContain('Subject 59!');
    const next = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(await html(next)).toContain('Subject 34!');
  });
});

describe('one message', () => {
  test('a mail stands in a frame that may do nothing, and its text part beside it', async () => {
    await keep('a');
    const answer = await console.get('/notifications/a');
    expect(answer.headers.get('content-security-policy')).toContain("frame-src 'self'");
    expect(await answer.text()).toMatch(
      /<iframe[^>]*title="The mail" src="\/notifications\/a\/mail" sandbox="allow-same-origin"/,
    );
    expect(await html('/notifications/a?part=text')).toContain('[High priority] Two integrations are offline');
  });

  test('the mail is the one that was sent, by the name of its playbook then, without any style in it', async () => {
    await keep('a');
    await documents.commit([
      { kind: 'set', path: 'playbook_executions/e1', data: { id: 'e1', playbookName: '🔗 Monitor' } },
    ]);
    const answer = await console.get('/notifications/a/mail');
    const mail = await answer.text();
    expect(mail).toContain('Sent by the playbook 🔗 Monitor, execution e1.');
    expect(mail).toMatch(/<li class="m\d+"><strong>crm<\/strong>: timeout<\/li>/);
    expect(mail).not.toContain('style=');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const sheet = await console.get('/notifications/a/mail.css');
    expect(sheet.headers.get('content-type')).toContain('text/css');
    expect(await sheet.text()).toContain('border-top:4px solid #d92d20');
  });

  test('a message for Slack is shown as Slack shows it, without anything that mentions or links', async () => {
    await keep('s', { channel: 'slack', body: '**bold** <!channel> [x](https://evil.example/)' });
    const page = await html('/notifications/s');
    expect(page).toContain('<strong>bold</strong>');
    expect(page).toContain('&lt;!channel&gt;');
    expect(page).toContain('🔴 Two integrations are offline');
    expect(page).not.toContain('href="https://evil');
  });

  test('says why a message was not sent and why a delivery failed', async () => {
    const caught = { channel: 'email', to: 'a@example.com', status: 'caught', messageId: 'm' } as const;
    const failed = { channel: 'email', to: 'b@example.com', status: 'failed', messageId: null } as const;
    const why = { retryable: true, reason: 'Mailjet did not answer.', ambiguous: true };
    await keep('a', { deliveries: [caught, { ...failed, ...why }] });
    const page = await html('/notifications/a');
    expect(page).toContain('MAILJET_API_KEY');
    expect(page).toContain('Mailjet did not answer.');
    expect(page).toContain('It may still have arrived');
  });

  test.each(['email', 'slack', 'dashboard'])('of %s, of any length, is shown in its first part', async (channel) => {
    await keep('a', { channel, body: '|a|b|\n|-|-|\n'.padEnd(900_000, '|x|y|\n') });
    for (const path of ['', '?part=text', '/mail', '/mail.css']) {
      const answer = await console.get(`/notifications/a${path}`);
      expect([path, answer.status]).toEqual([path, channel !== 'email' && path.startsWith('/mail') ? 404 : 200]);
      expect((await answer.text()).length).toBeLessThan(2_000_000);
    }
    expect(await html(`/notifications/a${channel === 'email' ? '/mail' : ''}`)).toContain('the first part');
  });

  test('an unknown message is a page that says so', async () => {
    for (const path of ['/notifications/x', '/notifications/x/mail', '/notifications/x/mail.css']) {
      expect((await console.get(path)).status).toBe(404);
    }
  });

  test.each(['email', 'slack', 'dashboard', '<b>other</b>'])('hostile content on %s is inert', async (channel) => {
    const body = '<script>alert(1)</script> ![i](https://evil.example/i.png) \u202E <img src=x onerror=alert(1)>';
    await keep('h', { channel, subject: '</title><script>alert(2)</script>', body: `${body}${'y'.repeat(1_000)}` });
    for (const path of ['/notifications', '/notifications/h', '/notifications/h?part=text', '/notifications/h/mail']) {
      expect(await html(path)).not.toMatch(/<script>|<img|<b>other/);
    }
  });
});
