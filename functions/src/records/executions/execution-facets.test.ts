import { describe, expect, test } from 'vitest';
import { aFailedExecution, aRunningExecution } from '#testing/builders/an-execution.ts';
import { facetsOf, wantedFacets } from './execution-facets.ts';

const NOON = new Date('2026-11-20T12:00:00.000Z');

describe('the facets of an execution', () => {
  test('name its agents, labels, words, and why it failed', () => {
    const execution = aFailedExecution(NOON, {
      agents: ['linus'],
      labels: { team: 'growth' },
      failedStep: 'tell.people',
    });

    expect(facetsOf(execution)).toEqual([
      'agent:linus',
      'label:team=growth',
      'failure:unavailable',
      ...[
        'nightly',
        'test',
        'ops',
        '20261120t120000z',
        'tell',
        'people',
        'call',
        'mailjet',
        'did',
        'not',
        'answer',
      ].map((word) => `word:${word}`),
    ]);
  });

  test('contain words of 2 to 40 characters in any script, in lower case and normalized', () => {
    const playbookName = `Ｆｕｌｌ Ünïcode ΣΑΣ 日報 a ${'x'.repeat(41)} 🔗 \ud83d don't_stop`;

    const words = facetsOf(aRunningExecution(NOON, { playbookName, id: '1' }));

    expect(words).toEqual(['full', 'ünïcode', 'σας', '日報', 'don', 'stop'].map((word) => `word:${word}`));
  });

  test('contain at most 40 words, however long the error is', () => {
    const error = Array.from({ length: 100_000 }, (_, index) => `word${index}`).join(' ');

    const facets = facetsOf(aFailedExecution(NOON, { error }));

    expect(facets.filter((facet) => facet.startsWith('word:'))).toHaveLength(40);
  });

  test('match a search for text that is copied from the record', () => {
    const execution = aFailedExecution(NOON, { agents: ['linus'], labels: { team: 'a=b c' } });
    const kept = new Set(facetsOf(execution));

    const wanted = wantedFacets({ agent: 'linus', label: 'team=a=b c', text: `${execution.id} MAILJET did not!` });

    expect(wanted.filter((facet) => !kept.has(facet))).toEqual([]);
    expect(wanted[0]).toBe('word:20261120t120000z');
  });
});
