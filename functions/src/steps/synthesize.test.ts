import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/language-model.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { JsonObject } from '#core/json.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { ClaudeReply } from '#testing/servers/claude-reply.ts';
import { startClaudeServer, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { synthesize } from './synthesize.ts';

let claude: ClaudeServer;
beforeEach(async () => {
  claude = await startClaudeServer({ apiKey: 'canary-key-1' });
});
afterEach(async () => claude.close());

const data = {
  stats: { signups: 12, revenue: 1_234.5 },
  offline: [{ name: 'Gmail', status: 'offline', error: 'HTTP 503' }],
};
const written = {
  title: 'Day of {{stats.signups}} signups',
  markdown: 'Revenue was {{stats.revenue|usd}}.',
  actionItems: [],
};
const good: ClaudeReply = { kind: 'text', text: JSON.stringify(written) };

/** One attempt with the real SDK and a server that gives these replies. */
async function attempt(replies: readonly ClaudeReply[], changes: Partial<StepContext> = {}, input: JsonObject = {}) {
  claude.replies.push(...replies);
  const context = stepContext(changes);
  const model = anthropicModel({ apiKey: 'canary-key-1', baseUrl: claude.url });
  const documents = sqliteDocuments({ file: ':memory:' });
  const ports = stepPorts({ model, documents, secrets: ['canary-key-1', 'canary-secret-2'] });
  const output = await attemptStep(
    synthesize,
    { instructions: 'Report the day.', with: data, ...input },
    context,
    ports,
  );
  return { output: synthesize.output.parse(output), context };
}

describe('a report', () => {
  test('is written by the model, with its figures and their sources filled in from the data', async () => {
    const { output, context } = await attempt([good]);
    expect(output).toEqual({
      title: 'Day of 12 signups',
      markdown: 'Revenue was $1,234.50.',
      actionItems: [],
      model: 'claude-sonnet-5-5',
      degraded: false,
      reason: null,
      figures: [
        { path: 'stats.signups', shown: '12', value: 12 },
        { path: 'stats.revenue', shown: '$1,234.50', value: 1_234.5 },
      ],
    });
    expect(claude.refusals).toEqual([]);
    expect(context.modelCalls).toMatchObject([
      { model: 'claude-sonnet-5-5', stopReason: 'end_turn', pricesAsOf: '2026-10-31' },
    ]);
    expect(context.modelCalls[0]?.costUsd).toBeGreaterThan(0);
  });

  test('is written in the voice of an agent if the step names one', async () => {
    await attempt([good], {}, { agent: 'leo' });
    expect(JSON.stringify(claude.requests[0]?.system)).toContain('You are Leo, the COO');
  });

  test('is written without tools, whatever the agent can use elsewhere', async () => {
    const { output, context } = await attempt(
      [{ kind: 'tool_use', name: 'httpRequest', input: {} }, good],
      {},
      { agent: 'leo' },
    );
    expect(output).toMatchObject({ degraded: false });
    expect(claude.requests[0]?.tools).toBeUndefined();
    expect(context.toolCalls).toMatchObject([{ tool: 'httpRequest', status: 'failed' }]);
    expect(claude.refusals).toEqual([]);
  });

  test('contains no secret, and neither does the prompt', async () => {
    const { output } = await attempt(
      [good],
      {},
      { with: { ...data, note: 'key canary-secret-2', password: 'hunter22' } },
    );
    for (const secret of ['canary-key-1', 'canary-secret-2', 'hunter22']) {
      expect(JSON.stringify([output, claude.requests])).not.toContain(secret);
    }
  });
});

describe('when Claude is in trouble', () => {
  test.each([
    [
      '429 with a time to wait',
      { kind: 'rate_limited', retryAfter: '7' },
      { code: 'rate_limited', retryAfterMs: 7_000 },
    ],
    ['529', { kind: 'overloaded' }, { code: 'unavailable' }],
    ['500', { kind: 'error', status: 500, type: 'api_error', message: 'Internal' }, { code: 'unavailable' }],
    ['a cut connection', { kind: 'cut' }, { code: 'unavailable' }],
  ] as const)('%s is left to the next attempt, after only one call', async (_, reply, failure) => {
    await expect(attempt([reply])).rejects.toMatchObject(failure);
    expect(claude.requests).toHaveLength(1);
  });

  test.each([
    ['529 on the last attempt', [{ kind: 'overloaded' }], 'unavailable'],
    ['a spend limit', [{ kind: 'spend_limit' }], 'budget_exceeded'],
    [
      'a lack of credit',
      [refused(400, 'Your credit balance is too low to access the API.')],
      'credit balance is too low',
    ],
    ['a wrong request', [refused(400, 'messages: too many')], 'answered 400: messages: too many'],
    ['a wrong key', [refused(401, 'invalid x-api-key')], 'answered 401: invalid x-api-key. Check ANTHROPIC_API_KEY.'],
    ['a missing permission', [refused(403, 'not allowed')], 'answered 403'],
    ['an unknown model', [refused(404, 'model: claude-x')], 'answered 404: model: claude-x'],
    ['data that is too large', [refused(413, 'too large')], 'answered 413'],
    ['500 on the last attempt', [refused(500, 'Internal')], 'answered 500'],
    ['a cut connection on the last attempt', [{ kind: 'cut' }], 'ECONNRESET'],
    ['a full context', [{ kind: 'message', content: [], stop: 'model_context_window_exceeded' }], 'whole context'],
    ['thinking without an answer, twice', [thoughtOut(), thoughtOut()], 'Thinking used up the reply'],
    ['a refusal', [{ kind: 'refusal' }], 'model_refused'],
    ['garbage for a message', [{ kind: 'garbage', body: '{"hello":1}' }], 'output_invalid'],
    [
      'garbage for an answer, twice',
      [
        { kind: 'text', text: 'Sure!' },
        { kind: 'text', text: '{}' },
      ],
      'output_invalid',
    ],
    [
      'an empty answer, twice',
      [
        { kind: 'text', text: '' },
        { kind: 'text', text: '' },
      ],
      'output_invalid',
    ],
    [
      'two answers that are cut off',
      [
        { kind: 'max_tokens', text: '{"ti' },
        { kind: 'max_tokens', text: '{"ti' },
      ],
      'output_invalid',
    ],
    ['an invented figure, twice', [invented(), invented()], 'output_invalid'],
  ] as const)('%s results in figures without commentary', async (_, replies, why) => {
    const { output } = await attempt(replies, { lastAttempt: true });
    expect(output).toMatchObject({ model: 'none', degraded: true, reason: expect.stringContaining(why) });
    expect(output).toMatchObject({ markdown: expect.stringContaining('| Revenue | $1,234.50 |') });
    expect(output).toMatchObject({ markdown: expect.stringContaining('Figures without commentary') });
    expect(output).toMatchObject({ actionItems: [{ title: 'Bring Gmail back', priority: 'high' }] });
    expect(output).toMatchObject({ markdown: expect.not.stringContaining('99') });
  });

  test('one wrong answer is corrected in the same attempt', async () => {
    const { output, context } = await attempt([invented(), good]);
    expect(output).toMatchObject({ degraded: false, markdown: 'Revenue was $1,234.50.' });
    expect(context.modelCalls).toHaveLength(2);
    expect(claude.refusals).toEqual([]);
  });
});

function invented(): ClaudeReply {
  return { kind: 'text', text: JSON.stringify({ ...written, markdown: 'There were 99 signups.' }) };
}

function refused(status: number, message: string): ClaudeReply {
  return { kind: 'error', status, type: 'x_error', message };
}

function thoughtOut(): ClaudeReply {
  const content = [{ type: 'thinking', thinking: 'Hm.', signature: 's' }];
  return { kind: 'message', content, stop: 'max_tokens', usage: { output_tokens: 16_000 } };
}
