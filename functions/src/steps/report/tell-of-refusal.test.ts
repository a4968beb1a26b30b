import { beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Alerts } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import type { Mail, Mailer } from '#ports/messengers.ts';
import { listNotifications } from '#records/notifications/notifications.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { authored } from './authorship.ts';

const noKey = new PlaybookError('unauthenticated', 'Claude (m) answered 401: *invalid* key. Check ANTHROPIC_API_KEY.', {
  details: { status: 401 },
});
const noModel = new PlaybookError('rejected', 'Claude (m) answered 404: model: m.', { details: { status: 404 } });
const alerts: Alerts = { channels: ['email', 'dashboard'], to: ['operator'], priority: 'high' };

let documents: Documents;
let mails: Mail[];
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  mails = [];
});

/** Mailjet, which finds earlier mails by their key. */
const mailer: Mailer = {
  async send(sent) {
    mails.push(...sent);
    return sent.map(({ key }) => ({ status: 'sent', messageId: key }));
  },
  async find(key) {
    return mails.find((mail) => mail.key === key)?.key;
  },
};

/** One attempt of a step whose model refuses like that. */
async function attempt(refusal: PlaybookError, changes: Partial<StepContext> = {}, database = documents) {
  const model = { complete: () => Promise.reject(refusal) };
  const ports = { ...stepPorts({ documents: database, model, secrets: ['canary'] }), mailer: async () => mailer };
  const authors = {
    async withModel({ model: asked, signal }: Parameters<Parameters<typeof authored<string>>[0]['withModel']>[0]) {
      await asked.complete({ model: 'm', system: '', messages: [], tools: [], maxTokens: 1, timeoutMs: 1, signal });
      return 'written';
    },
    plainly: () => 'plain',
  };
  return authored(authors, stepContext({ lastAttempt: true, ...changes }), ports);
}

async function told() {
  return (await listNotifications(documents, {}, { limit: 50 })).items;
}

const clockAt = (instant: string) => fakeClock(instant);

describe('people are notified that Claude refuses', () => {
  test('on the dashboard, with the reason and what to do', async () => {
    await attempt(noKey, { clock: clockAt('2026-11-20T14:00:00Z') });
    const [notification] = await told();
    expect(notification).toMatchObject({
      id: 'model_2026-11-20_unauthenticated_401_dashboard',
      executionId: 'ops_daily_health_check_20261120T1400Z',
      channel: 'dashboard',
      priority: 'high',
      status: 'sent',
      subject: 'Claude is unavailable: reports contain figures without commentary',
    });
    const stored = await documents.get(`playbook_notifications/${notification?.id}`);
    expect(stored?.data['body']).toContain(String.raw`answered 401: \*invalid\* key. Check ANTHROPIC\_API\_KEY.`);
  });

  test("also through the playbook's alerts", async () => {
    await attempt(noKey, { alerts });
    expect(mails).toMatchObject([{ to: 'martez@bakedbot.ai', text: expect.stringContaining('answered 401') }]);
    expect((await told()).map(({ channel }) => channel).toSorted()).toEqual(['dashboard', 'email']);
  });

  test('once a day for each reason, whichever step meets it', async () => {
    const morning = { alerts, clock: clockAt('2026-11-20T08:00:00Z') };
    for (const stepPath of ['report', 'investigate']) await attempt(noKey, { ...morning, stepPath });
    await attempt(noKey, { ...morning, executionId: 'other_20261120T1500Z' });
    expect(mails).toHaveLength(1);
    await attempt(noModel, morning);
    expect(mails).toHaveLength(2);
    await attempt(noKey, { alerts, clock: clockAt('2026-11-21T08:00:00Z'), executionId: 'other_20261121T0800Z' });
    expect(mails).toHaveLength(3);
  });

  test('once, when 20 executions meet it at the same moment', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `execution_${index}`);
    await Promise.all(ids.map((executionId) => attempt(noKey, { alerts, executionId })));
    expect(mails).toHaveLength(1);
  });

  test.each([1, 2])(
    'by the same step after a crash, under the same keys, and never twice: attempt %i',
    async (number) => {
      const crash = { ...mailer, send: () => Promise.reject(new TypeError('the runner is killed')) };
      const ports = { ...stepPorts({ documents }), mailer: async () => crash };
      const { tellOfRefusal } = await import('./tell-of-refusal.ts');
      const failure = { code: noKey.code, message: noKey.message, details: noKey.details };
      await expect(tellOfRefusal(failure, stepContext({ alerts }), ports)).rejects.toThrow(TypeError);
      expect(mails).toEqual([]);
      await attempt(noKey, { alerts, attempt: number });
      await attempt(noKey, { alerts, attempt: number });
      expect(mails).toHaveLength(1);
      expect(await told()).toHaveLength(2);
    },
  );

  test('without secrets', async () => {
    await attempt(new PlaybookError('unauthenticated', 'The key canary is wrong.', { details: { status: 401 } }), {
      alerts,
    });
    const stored = await documents.get(`playbook_notifications/${(await told())[0]?.id}`);
    expect(JSON.stringify([stored, mails])).not.toContain('canary');
  });
});

describe('no one is notified', () => {
  test('by an execution that may notify only one person; it leaves the day to the others', async () => {
    await attempt(noKey, { alerts, onlyTo: 'martez@bakedbot.ai' });
    expect([await told(), mails]).toEqual([[], []]);
    await attempt(noKey, { alerts });
    expect(mails).toHaveLength(1);
  });

  test('while another attempt may succeed', async () => {
    await expect(attempt(new PlaybookError('unavailable', 'x'), { lastAttempt: false })).rejects.toThrow('x');
    expect(await told()).toEqual([]);
  });

  test.each(['model_refused', 'output_invalid'] as const)('of an unusable answer: %s', async (code) => {
    await attempt(new PlaybookError(code, 'x'), { alerts });
    expect(await told()).toEqual([]);
  });
});

describe('the text is still written', () => {
  test('when a channel is down, and its failed message is kept', async () => {
    const down = { ...mailer, send: () => Promise.reject(new PlaybookError('unavailable', 'Mailjet is down.')) };
    const { tellOfRefusal } = await import('./tell-of-refusal.ts');
    const failure = { code: noKey.code, message: noKey.message, details: noKey.details };
    await tellOfRefusal(failure, stepContext({ alerts }), { ...stepPorts({ documents }), mailer: async () => down });
    expect((await told()).map(({ status }) => status).toSorted()).toEqual(['failed', 'sent']);
  });

  test('when the database does not accept the notification', async () => {
    const lost: Documents = {
      ...documents,
      commit: () => Promise.reject(new DocumentsError('unavailable', 'The database is out of reach.')),
    };
    expect(await attempt(noKey, { alerts }, lost)).toMatchObject({ degraded: true });
    expect(mails).toEqual([]);
  });

  test("when the database's answer was lost, and people are notified", async () => {
    let lose = true;
    const forgetful: Documents = {
      ...documents,
      async commit(writes) {
        const done = await documents.commit(writes);
        if (!lose) return done;
        lose = false;
        throw new DocumentsError('unavailable', 'The answer was lost.');
      },
    };
    await attempt(noKey, { alerts }, forgetful);
    expect(mails).toHaveLength(1);
  });
});
