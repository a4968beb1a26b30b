import { describe, expect, test } from 'vitest';
import { AgentAnswer, WrittenReport } from '#agents/figures/answer.ts';
import { bindAnswer } from '#agents/figures/bind-answer.ts';
import type { JsonObject } from '#core/json.ts';
import { writeAnswer } from './model-author.ts';

const CALM: JsonObject = {
  window: { since: '2026-11-19T14:00:00.000Z', until: '2026-11-20T14:00:00.000Z' },
  platform: { signups: 6, revenue: 4802.9, errorRate: 0.0031, previous: { signups: 5, revenue: 3024.74 } },
};
const OUTAGE: JsonObject = {
  ...CALM,
  integrations: { offline: [{ name: 'HubSpot 2', error: 'It answered with status 503 instead of 200.' }] },
};

function reportOn(data: JsonObject): { readonly title: string; readonly markdown: string } {
  const { answer } = bindAnswer(WrittenReport.parse(writeAnswer('report', data, 3)), data, WrittenReport);
  if (!answer.ok) throw new Error(answer.problems.join(' '));
  return answer.value;
}

describe('the stand-in for a language model', () => {
  test('writes figures that refer to the data, with the previous ones', () => {
    const { title, markdown } = reportOn(CALM);
    expect(title).toBe('All OK');
    expect(markdown).toContain('| Signups | 6 | 5 |');
    expect(markdown).toContain('| Revenue | $4,802.90 | $3,024.74 |');
    expect(markdown).toContain('| Failed requests | 0.3% | – |');
  });

  test('begins with offline integrations, and says what to do', () => {
    const { title, markdown } = reportOn(OUTAGE);
    expect(title).toContain('HubSpot 2');
    expect(markdown.split('\n')[0]).toMatch(/HubSpot 2.* failed its check/);
    expect(markdown).toContain('## Action items');
  });

  test('says what could not be checked instead of saying that all is well', () => {
    const { title, markdown } = reportOn({ ...CALM, platform: null });
    expect(title).toBe('Some checks failed');
    expect(markdown).toContain('Missing: platform.');
  });

  test.each([{}, CALM, OUTAGE, { customers: [{ name: 'Ada 7' }], lists: [[1]], empty: [] }])(
    'answers an agent’s task with true statements, whatever the data',
    (data) => {
      const { answer } = bindAnswer(AgentAnswer.parse(writeAnswer('answer', data, 0)), data, AgentAnswer);
      expect(answer).toMatchObject({ ok: true });
    },
  );

  test('says who it is', () => {
    expect(reportOn({}).markdown).toContain('stand-in for a language model');
  });
});
