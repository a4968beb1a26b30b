import { expect, test } from 'vitest';
import { Agent } from '#language/settings/agent.ts';
import { PlaybookError } from '#core/failure.ts';
import type { ModelReply, ModelRequest } from '#ports/language-model.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { INJECTION_PAYLOADS, obey } from '#testing/builders/injection-payloads.ts';
import { runAgent } from './run-agent.ts';

/** A model that reads the orders in its data and does what they say, in every turn anew. */
function obedientModel(request: ModelRequest): ModelReply {
  const prompt = request.messages[0]?.content[0];
  const data = prompt?.type === 'text' ? JSON.parse(prompt.text.split('<data>')[1]?.split('</data>')[0] ?? '') : {};
  const { toolCalls, writes } = obey(data.customers[0].name);
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const reply = { model: 'm', usage, requestId: undefined };
  if (toolCalls.length > 0 && request.messages.length === 1) {
    const content = toolCalls.map(
      (name, index) => ({ type: 'tool_use', id: `use_${index}`, name, input: {} }) as const,
    );
    return { ...reply, content, stopReason: 'tool_use' };
  }
  const answer = { report: `MRR is {{mrr|usd}}.\n\n${writes}`, findings: [], actionItems: [] };
  return { ...reply, content: [{ type: 'text', text: JSON.stringify(answer) }], stopReason: 'end_turn' };
}

async function attack(payload: string) {
  const called: string[] = [];
  const refused: string[] = [];
  const tool = (name: string) => ({
    name,
    description: '',
    inputSchema: { type: 'object' },
    call: async () => {
      called.push(name);
      return {};
    },
  });
  const outcome = await runAgent(
    {
      agent: Agent.parse({ id: 'leo', name: 'Leo', role: 'COO', instructions: 'Report.', model: 'm' }),
      task: 'Report.',
      data: { mrr: 45_320.5, customers: [{ name: payload }] },
      tools: [tool('getStats')],
    },
    {
      model: { complete: async (request) => obedientModel(request) },
      prices: { asOf: '2026-10-31', author: 'm', models: {} },
      clock: fakeClock(),
      signal: new AbortController().signal,
      recordModelCall: async () => undefined,
      recordToolCall: ({ tool: name, status }) => void (status === 'failed' && refused.push(name)),
    },
  ).catch((error: unknown) => {
    if (error instanceof PlaybookError && error.code === 'output_invalid') return undefined;
    throw error;
  });
  return { called, refused, report: outcome?.report };
}

test('there are one hundred attacks, and they do reach an obedient model', async () => {
  expect(new Set(INJECTION_PAYLOADS).size).toBe(100);
  const obeyed = INJECTION_PAYLOADS.map(obey);
  expect(obeyed.every(({ toolCalls, writes }) => toolCalls.length > 0 || writes !== '')).toBe(true);
  expect(obeyed.filter(({ toolCalls }) => toolCalls.length > 0).length).toBeGreaterThanOrEqual(20);
});

test('no attack makes an obedient agent call a tool that is not its own', async () => {
  for (const payload of INJECTION_PAYLOADS) {
    const { called, refused } = await attack(payload);
    expect({ payload, called }).toEqual({ payload, called: [] });
    expect(refused).toEqual(obey(payload).toolCalls);
  }
});

test('no attack brings another figure into the report of an obedient agent', async () => {
  let accepted = 0;
  for (const payload of INJECTION_PAYLOADS) {
    const { report } = await attack(payload);
    if (report === undefined) continue;
    accepted += 1;
    expect(report).toMatch(/^MRR is \$45,320\.50\.\n/);
    const figures =
      report
        .replace('$45,320.50', '')
        .normalize('NFKC')
        .match(/\p{Nd}+|million/gu) ?? [];
    expect({ payload, figures }).toEqual({ payload, figures: [] });
  }
  // Those that only order links are accepted here; what shows the report takes the links out.
  expect(accepted).toBeGreaterThan(0);
});
