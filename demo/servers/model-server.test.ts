import { afterAll, beforeAll, expect, test } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/language-model.ts';
import type { LanguageModel } from '#ports/language-model.ts';
import type { LocalServer } from '#testing/servers/local-server.ts';
import { startModelServer } from './model-server.ts';

let server: LocalServer;
let model: LanguageModel;
beforeAll(async () => {
  server = await startModelServer();
  model = anthropicModel({ apiKey: 'any', baseUrl: server.url });
});
afterAll(() => server.close());

const schema = { type: 'object', properties: { markdown: { type: 'string' } }, additionalProperties: false };

async function ask(text: string, tools: readonly string[] = []): Promise<string> {
  try {
    const { stopReason } = await model.complete({
      model: 'claude-sonnet-5-5',
      system: 'You are Leo.',
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
      tools: tools.map((name) => ({ name, description: name, inputSchema: { type: 'object' } })),
      outputSchema: schema,
      maxTokens: 1_000,
      timeoutMs: 5_000,
      signal: new AbortController().signal,
    });
    return stopReason;
  } catch (thrown) {
    return String(Object(thrown).code);
  }
}

test('the stand-in refuses, or is overloaded, in about one of ten conversations', async () => {
  const ends: string[] = [];
  for (let index = 0; index < 200; index += 1)
    ends.push(await ask(`Task ${index}\n<data>\n{"signups":${index}}\n</data>`));
  const count = (end: string) => ends.filter((other) => other === end).length;
  expect(count('end_turn')).toBeGreaterThan(160);
  expect(count('end_turn')).toBeLessThan(195);
  expect(count('refusal')).toBeGreaterThan(0);
  expect(count('unavailable')).toBeGreaterThan(0);
});

test('the stand-in calls tools that only read, and never one with an effect', async () => {
  const task = 'Look carefully\n<data>\n{}\n</data>';
  expect(await ask(task, ['draftCampaign', 'searchLogs'])).toBe('tool_use');
  expect(await ask(task, ['draftCampaign'])).toBe('end_turn');
});

test('the stand-in ends a conversation the same way in every run, whatever was measured', async () => {
  const endsWith = (latencyMs: number) =>
    Promise.all(
      Array.from({ length: 60 }, (_, day) =>
        ask(`Report\n<data>\n{"until":"2026-11-18T14:00:00Z","day":${day},"latencyMs":${latencyMs}}\n</data>`),
      ),
    );
  expect(await endsWith(120)).toEqual(await endsWith(121));
});
