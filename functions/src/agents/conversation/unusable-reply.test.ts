import { describe, expect, test } from 'vitest';
import { Agent } from '#language/settings/agent.ts';
import { PlaybookError } from '#core/failure.ts';
import type { ModelContent, ModelReply, ModelRequest } from '#ports/language-model.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { runAgent } from '../run-agent.ts';

const thinking: ModelContent = { type: 'opaque', kind: 'thinking', received: '{"type":"thinking","signature":"s"}' };
const begun: ModelContent = { type: 'text', text: '{"report": "lo' };
const done: ModelContent = {
  type: 'text',
  text: JSON.stringify({ report: 'All is well.', findings: [], actionItems: [] }),
};

interface Said {
  readonly stop: ModelReply['stopReason'];
  readonly content: readonly ModelContent[];
  readonly outputTokens?: number;
  readonly thinkingTokens?: number;
  readonly refusal?: string;
}

/** An agent whose model gives these replies in turn, and what it was asked. */
function scene(replies: readonly Said[], budget: Record<string, number> = {}) {
  const requests: ModelRequest[] = [];
  const clock = fakeClock();
  const run = () =>
    runAgent(
      {
        agent: Agent.parse({ id: 'leo', name: 'Leo', role: 'COO', instructions: 'Be good.', model: 'm', budget }),
        task: 'Look at it.',
        data: {},
        tools: [],
      },
      {
        model: {
          async complete(request) {
            requests.push(request);
            const said = replies[requests.length - 1];
            if (said === undefined) throw new PlaybookError('internal', 'The script of this test is over.');
            const { stop: stopReason, content, outputTokens = 100, thinkingTokens, refusal } = said;
            const usage = { inputTokens: 1_000, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
            return { model: 'm', content, stopReason, usage, thinkingTokens, refusal, requestId: 'req_1' };
          },
        },
        prices: { asOf: '2026-10-01', author: 'm', models: {} },
        clock,
        signal: new AbortController().signal,
        recordModelCall: async () => undefined,
        recordToolCall: () => undefined,
      },
    );
  return { run, requests };
}

const thoughtOut: Said = { stop: 'max_tokens', content: [thinking], outputTokens: 16_000, thinkingTokens: 15_990 };
const good: Said = { stop: 'end_turn', content: [done] };
const saidLast = ({ messages }: ModelRequest) => JSON.stringify(messages.at(-1));

describe('a reply that thinking used up', () => {
  test('is asked for again with less thinking, and not to be shorter', async () => {
    const { run, requests } = scene([thoughtOut, good]);
    expect(await run()).toMatchObject({ report: 'All is well.' });
    expect(requests.map(({ effort }) => effort)).toEqual([undefined, 'low']);
    expect(requests[1]?.messages).toEqual(requests[0]?.messages);
  });

  test('twice is told as that', async () => {
    await expect(scene([thoughtOut, thoughtOut]).run()).rejects.toMatchObject({
      code: 'output_invalid',
      message: 'Thinking used up the reply: about 15990 of its limit of 16000 tokens, and no answer was begun.',
      details: { reply: 'thinking_used_up' },
    });
  });

  test('is known without a count of it, too', async () => {
    const { run, requests } = scene([{ stop: 'max_tokens', content: [thinking], outputTokens: 16_000 }, good]);
    await run();
    expect(requests[1]?.effort).toBe('low');
  });

  test('is known also where the answer had just begun', async () => {
    const { run, requests } = scene([{ ...thoughtOut, content: [thinking, begun] }, good]);
    await run();
    expect(requests[1]?.effort).toBe('low');
  });

  test('is the reason that is told when the budget allows no second', async () => {
    const { run, requests } = scene([{ ...thoughtOut, outputTokens: 8_000, thinkingTokens: 8_000 }], {
      outputTokens: 8_000,
    });
    await expect(run()).rejects.toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringMatching(
        /^Thinking used up .* The budget does not allow another try: The budget of 8000 output tokens/,
      ),
      details: { reply: 'thinking_used_up' },
    });
    expect(requests).toHaveLength(1);
  });
});

describe('an answer that is too long', () => {
  const long: Said = { stop: 'max_tokens', content: [thinking, begun], outputTokens: 16_000, thinkingTokens: 200 };

  test('is asked for again, shorter, with as much thinking', async () => {
    const { run, requests } = scene([long, good]);
    await run();
    expect(requests[1]).not.toHaveProperty('effort');
    expect(requests.map(saidLast)).toEqual([
      expect.not.stringContaining('shorter'),
      expect.stringContaining('shorter'),
    ]);
  });

  test('twice is told as that', async () => {
    await expect(scene([long, long]).run()).rejects.toMatchObject({
      message: 'The answer was too long: it was cut off at the limit of 16000 tokens.',
      details: { reply: 'too_long' },
    });
  });

  test('is not taken for thinking where there was none', async () => {
    const { run, requests } = scene([{ stop: 'max_tokens', content: [begun], outputTokens: 16_000 }, good]);
    await run();
    expect(requests.map(saidLast)[1]).toContain('shorter');
  });
});

describe('an empty reply', () => {
  const empty = (content: readonly ModelContent[]): Said => ({ stop: 'end_turn', content });

  test.each([
    ['nothing', []],
    ['an empty text', [{ type: 'text', text: ' \n' } as const]],
    ['thinking alone', [thinking]],
  ])('of %s is asked for again as that, once', async (_, content) => {
    const { run, requests } = scene([empty(content), good]);
    await run();
    expect(saidLast(requests[1] ?? never())).toContain('Your last reply was empty.');
    expect(saidLast(requests[1] ?? never())).not.toContain('shorter');
    await expect(scene([empty(content), empty(content)]).run()).rejects.toMatchObject({
      message: expect.stringMatching(/^The reply was empty: m stopped .*without an answer\.$/),
      details: { reply: 'empty' },
    });
  });
});

test('a full context is told as that, and nothing is asked again', async () => {
  const { run, requests } = scene([{ stop: 'context_full', content: [thinking, begun] }]);
  await expect(run()).rejects.toMatchObject({
    message: expect.stringContaining('filled the whole context of m'),
    details: { reply: 'context_full' },
  });
  expect(requests).toHaveLength(1);
});

describe('a turn that paused', () => {
  const paused: Said = { stop: 'pause_turn', content: [thinking] };

  test('is given back as it came, to be gone on with', async () => {
    const { run, requests } = scene([paused, good]);
    await run();
    expect(requests[1]?.messages.at(-1)).toEqual({ role: 'assistant', content: [thinking] });
  });

  test('twice is told as that', async () => {
    await expect(scene([paused, paused]).run()).rejects.toMatchObject({ details: { reply: 'paused' } });
  });
});

test('a refusal is told with the words of the model', async () => {
  await expect(scene([{ stop: 'refusal', content: [], refusal: 'It could do harm.' }]).run()).rejects.toMatchObject({
    code: 'model_refused',
    message: expect.stringContaining('m refused to answer: It could do harm.'),
  });
});

function never(): never {
  throw new Error('There is no such request.');
}
