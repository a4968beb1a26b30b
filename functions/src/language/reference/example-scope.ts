import type { JsonObject } from '#core/json.ts';

/** The data that the examples read. */
export const EXAMPLE_SCOPE: JsonObject = {
  now: '2026-11-20T14:00:00.000Z',
  window: { start: '2026-11-19T14:00:00.000Z' },
  steps: {
    a: {
      output: {
        count: 3,
        share: 0.125,
        none: null,
        list: [
          { name: 'gmail', ms: 90 },
          { name: 'drive', ms: 700 },
        ],
      },
    },
  },
};
