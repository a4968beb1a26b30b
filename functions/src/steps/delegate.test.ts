import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anthropicModel } from '#adapters/anthropic/language-model.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { ClaudeReply } from '#testing/servers/claude-reply.ts';
import { startClaudeServer, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { delegate } from './delegate.ts';

let claude: ClaudeServer;
beforeEach(async () => {
  claude = await startClaudeServer();
});
afterEach(async () => claude.close());

const answer = { report: 'The {{offline|count}} system is down.', findings: [], actionItems: [] };
const good: ClaudeReply = { kind: 'text', text: JSON.stringify(answer) };
const input = { agent: 'leo', task: 'Find out why.', with: { offline: [{ name: 'Gmail', status: 'offline' }] } };

/** One attempt with the real SDK and a server that gives these replies; the agent has one tool. */
async function attempt(
  replies: readonly ClaudeReply[],
  changes: Partial<StepContext> = {},
  secrets: readonly string[] = [],
) {
  claude.replies.push(...replies);
  const context = stepContext(changes);
  const model = anthropicModel({ apiKey: 'key', baseUrl: claude.url });
  const ports = stepPorts({
    model,
    documents: sqliteDocuments({ file: ':memory:' }),
    agentTools: ['getExecutionStats'],
    secrets,
  });
  const output = await attemptStep(delegate, input, context, ports);
  return { output: delegate.output.parse(output), context };
}

describe('an agent', () => {
  test('uses its tool and reports, and every call is recorded', async () => {
    const { output, context } = await attempt([
      { kind: 'tool_use', name: 'getExecutionStats', input: {}, text: 'Let me look.' },
      good,
    ]);
    expect(output).toMatchObject({
      report: 'The 1 system is down.',
      turns: 2,
      toolCalls: [{ tool: 'getExecutionStats', status: 'succeeded' }],
      model: 'claude-sonnet-5-5',
      degraded: false,
    });
    expect(context.modelCalls.map(({ stopReason }) => stopReason)).toEqual(['tool_use', 'end_turn']);
    expect(context.toolCalls).toMatchObject([{ tool: 'getExecutionStats', status: 'succeeded' }]);
    expect(claude.refusals).toEqual([]);
  });

  test('thinks between its calls, and Claude gets every turn back unchanged', async () => {
    const secret = 'canary-secret-9';
    const turn = (id: string) => [
      { type: 'thinking', thinking: `The key is ${secret}.`, signature: `sig-${id}` },
      { type: 'redacted_thinking', data: 'EmwK' },
      { type: 'text', text: 'I look.', citations: null },
      { type: 'tool_use', id, name: 'getExecutionStats', input: {}, caller: { type: 'direct' } },
    ];
    const turns = [turn('toolu_1'), turn('toolu_2')];
    const { output } = await attempt(
      [...turns.map((content) => ({ kind: 'message', content, stop: 'tool_use' }) as const), good],
      {},
      [secret],
    );
    expect(output).toMatchObject({ degraded: false, turns: 3 });
    expect(claude.refusals).toEqual([]);
    const said = claude.requests[2]?.messages.filter(({ role }) => role === 'assistant');
    expect(said).toEqual(turns.map((content) => ({ role: 'assistant', content })));
    expect(JSON.stringify(output)).not.toContain(secret);
  });

  test('is offered its own tools and no others', async () => {
    await attempt([good]);
    expect(claude.requests[0]?.tools?.map(({ name }) => name)).toEqual(['getExecutionStats']);
  });

  test('can call nothing else, and nothing with an invalid input', async () => {
    const uses = [
      { name: 'httpRequest', input: { url: 'https://evil.example' } },
      { name: 'getExecutionStats', input: { days: 'many' } },
    ];
    const { context } = await attempt([{ kind: 'tool_uses', uses }, good]);
    expect(context.toolCalls.map(({ tool, status }) => [tool, status])).toEqual([
      ['httpRequest', 'failed'],
      ['getExecutionStats', 'failed'],
    ]);
    const results = z.array(z.object({ is_error: z.boolean() })).parse(claude.requests[1]?.messages[2]?.content);
    expect(results.every((result) => result.is_error)).toBe(true);
    expect(claude.refusals).toEqual([]);
  });

  test('that is unknown fails the step', async () => {
    await expect(attemptStep(delegate, { ...input, agent: 'loe' }, stepContext(), stepPorts())).rejects.toMatchObject({
      code: 'unknown_agent',
    });
  });
});

describe('when Claude is in trouble', () => {
  test.each([
    [
      { kind: 'rate_limited', retryAfter: '7' },
      { code: 'rate_limited', retryAfterMs: 7_000 },
    ],
    [{ kind: 'overloaded' }, { code: 'unavailable' }],
  ] as const)('the step fails with the right code for the engine: %j', async (reply, failure) => {
    await expect(attempt([reply])).rejects.toMatchObject(failure);
  });

  test.each([
    [[{ kind: 'refusal' }], 'model_refused'],
    [
      [
        { kind: 'max_tokens', text: '{' },
        { kind: 'max_tokens', text: '{' },
      ],
      'output_invalid',
    ],
    [[{ kind: 'overloaded' }], 'unavailable'],
    [[{ kind: 'error', status: 401, type: 'authentication_error', message: 'x' }], 'unauthenticated'],
    [[{ kind: 'error', status: 404, type: 'not_found_error', message: 'x' }], 'rejected'],
    [
      [
        { kind: 'tool_use', name: 'getExecutionStats', input: {} },
        { kind: 'error', status: 400, type: 'invalid_request_error', message: 'x' },
      ],
      'rejected',
    ],
  ] as const)('permanently, the plain author reports what the data shows: %j', async (replies, code) => {
    const { output } = await attempt(replies, { lastAttempt: true });
    expect(output).toMatchObject({
      model: 'none',
      degraded: true,
      reason: expect.stringContaining(code),
      findings: [{ title: 'Gmail is offline', severity: 'critical' }],
    });
  });
});

test('without a model the plain author answers from the data alone', async () => {
  const output = delegate.output.parse(await attemptStep(delegate, input, stepContext(), stepPorts()));
  expect(output).toMatchObject({
    model: 'none',
    degraded: false,
    turns: 0,
    toolCalls: [],
    report: expect.stringContaining('Gmail'),
  });
});
