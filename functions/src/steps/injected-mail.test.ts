import { expect, test } from 'vitest';
import { WrittenReport } from '#agents/figures/answer.ts';
import { toHtml } from '#channels/markdown/markdown.ts';
import type { LanguageModel } from '#ports/language-model.ts';
import { INJECTION_PAYLOADS, obey } from '#testing/builders/injection-payloads.ts';
import { attemptStep } from '#testing/builders/attempt-step.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { synthesize } from './synthesize.ts';

/** A model that writes everything into its report that a payload orders. */
function obedient(payload: string): LanguageModel {
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const answer = { title: 'The day', markdown: `MRR is {{mrr|usd}}.\n\n${obey(payload).writes}`, actionItems: [] };
  return {
    complete: async ({ model }) => ({
      model,
      content: [{ type: 'text', text: JSON.stringify(answer) }],
      stopReason: 'end_turn',
      usage,
      requestId: undefined,
    }),
  };
}

/** The mail that results from data with this payload, with or without a model that obeys it. */
async function mailWith(payload: string, model: LanguageModel | undefined): Promise<string> {
  const data = { mrr: 45_320.5, customers: [{ name: payload, note: payload }], note: payload };
  const output = await attemptStep(
    synthesize,
    { instructions: 'Report.', with: data },
    stepContext(),
    stepPorts({ ...(model && { model }) }),
  );
  const { markdown } = WrittenReport.pick({ markdown: true }).loose().parse(output);
  return toHtml(markdown, { allowedLinkHosts: ['bakedbot.ai'] });
}

const ACTIVE = /<(?:a|img|script|iframe|form|link|style)\b[^>]*>|\son\w+=/gi;

test('an allowed link is detected, so that the tests below can fail', () => {
  expect(toHtml('[home](https://bakedbot.ai)', { allowedLinkHosts: ['bakedbot.ai'] })).toMatch(ACTIVE);
});

test.each([
  ['with a model that obeys', (payload: string) => obedient(payload)],
  ['without a model', () => undefined],
])('100 attacks in the data leave no link, image or script in the mail, %s', async (_, modelFor) => {
  for (const payload of INJECTION_PAYLOADS) {
    const html = await mailWith(payload, modelFor(payload));
    expect({
      payload,
      active: html.match(ACTIVE) ?? [],
    }).toEqual({ payload, active: [] });
    expect(html).toContain('45,320.50');
  }
});
