import { expect } from 'vitest';
import { runSteps } from './built-product.ts';
import { callOf, failureOf, MAIL, POST, REPORT, WRITTEN, type Exchanges } from './exchange.ts';

/** The exchanges with services other than Google's. */
export const MESSAGE_EXCHANGES: Exchanges = {
  mailjet: [
    {
      title: 'sends a mail, and looks it up when the answer was lost',
      async run({ servers: { mailjet }, ...world }) {
        mailjet.faults.push({ kind: 'cut_after_accept' });
        const before = [mailjet.calls.length, mailjet.mails.length] as const;
        const retry = { maxAttempts: 2, initialDelay: '10ms' };

        const record = await runSteps(world.database, world.runner, [{ ...MAIL, retry }]);

        expect(mailjet.calls.slice(before[0])).toEqual(['POST /v3.1/send', 'GET /v3/REST/message']);
        expect(mailjet.mails.length).toBe(before[1] + 1);
        const [, second] = record.steps['mail']?.attempts ?? [];
        expect(second).toMatchObject({ status: 'succeeded' });
        expect(record.results['mail']).toMatchObject({ deliveries: [{ messageId: mailjet.mails.at(-1)?.id }] });
      },
    },
  ],
  slack: [
    {
      title: 'posts a message',
      async run({ servers: { slack }, ...world }) {
        const before = slack.posted.length;

        expect(await runSteps(world.database, world.runner, [POST])).toMatchObject({ status: 'succeeded' });

        expect(slack.posted.slice(before)).toMatchObject([{ text: expect.stringContaining('Hi') }]);
      },
    },
  ],
  anthropic: [
    {
      title: 'lets an agent use a tool and write a report',
      async run({ servers: { claude }, ...world }) {
        const found = { report: 'There were {{signups}} signups.', findings: [], actionItems: [] };
        claude.replies.push({ kind: 'tool_use', name: 'getExecutionStats', input: {} });
        claude.replies.push({ kind: 'text', text: JSON.stringify(found) }, WRITTEN);
        const before = claude.requests.length;
        const ask = { id: 'ask', type: 'delegate', agent: 'linus', task: 'Look.', with: { signups: 12 } };

        const { results } = await runSteps(world.database, world.runner, [ask, REPORT]);

        expect(results).toMatchObject({
          ask: { report: 'There were 12 signups.', toolCalls: [{ tool: 'getExecutionStats', status: 'succeeded' }] },
          report: { markdown: 'There were 12 signups.' },
        });
        expect(claude.requests.length).toBe(before + 3);
        expect(claude.refusals).toEqual([]);
      },
    },
  ],
  http: [
    {
      title: 'calls a listed address over plain HTTP, and one with a trusted authority over TLS',
      async run({ servers: { api, secureApi }, database, runner }) {
        const calls = [api, secureApi].map(({ url }, index) => ({ ...callOf(`${url}/orders`), id: `call_${index}` }));

        const { results } = await runSteps(database, runner, calls);

        const answer = { status: 200, body: { path: '/orders' } };
        expect(results).toMatchObject({ call_0: answer, call_1: answer });
        expect(secureApi.heard.at(-1)?.headers['host']).toBe(new URL(secureApi.url).host);
      },
    },
  ],
  'call-limit': [
    {
      title: 'ends a call that gets no answer',
      async run({ servers: { api }, database, runner }) {
        const call = callOf(`${api.url}/silent`, { timeoutMs: 150 });

        expect(failureOf(await runSteps(database, runner, [call]))).toEqual([
          'timeout',
          `${api.url} did not answer within 150 ms.`,
        ]);
      },
    },
  ],
  'network-error': [
    {
      title: 'reports that no server listens',
      async run({ database, runner }) {
        expect(failureOf(await runSteps(database, runner, [callOf('http://127.0.0.1:1/')]))).toEqual([
          'unavailable',
          'http://127.0.0.1:1 could not be reached: ECONNREFUSED.',
        ]);
      },
    },
  ],
};
