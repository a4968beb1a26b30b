import { z } from 'zod';
import type { Channel } from '#channels/channel.ts';
import { keepNotification, notificationPath, outgoing } from '#channels/notification.ts';
import { type Catalog, catalog } from '#functions/catalog.ts';
import { defineStep } from '#steps/definition/define-step.ts';
import { messageWords } from '#steps/outside-words.ts';
import { defineTool } from '#tools/tool.ts';

/** A step type whose field names differ from all others. */
const proclaim = defineStep({
  type: 'proclaim',
  summary: 'Proclaims what an agent would.',
  fields: {
    herald: z.string().describe('An agent.'),
    guild: z.string().describe('A role.'),
    through: z.array(z.string()),
    audience: z.array(z.string()).default([]),
    words: z.string(),
  },
  output: z.strictObject({ scroll: z.string() }),
  example: { id: 'news', type: 'proclaim', herald: 'leo', guild: 'operator', through: ['heralds'], words: 'Hear!' },
  names: { agent: 'herald', role: 'guild', channels: 'through', recipients: 'audience' },
  readAs: {
    input: [
      { as: 'facts', fields: { Herald: 'herald' } },
      { as: 'text', label: 'Words to proclaim', field: 'words' },
    ],
    output: { as: 'report', text: 'scroll' },
  },
  defaultTimeoutMs: 1_000,
  effect: () => 'keyed',
  outsideEffects: ({ words }, named) => [
    `A proclamation of ${JSON.stringify(words)}`,
    ...messageWords(['heralds'], [], named),
  ],
  leftForPeople: () => [{ what: 'proclaimed', to: 'everybody', title: 'Hear!' }],
  run: async ({ words }) => ({ scroll: `**${words.toUpperCase()}**` }),
});

const countParcels = defineTool({
  name: 'countParcels',
  summary: 'Counts the parcels of a depot.',
  effect: 'keyed',
  input: z.strictObject({ depot: z.url(), key: z.string().optional() }),
  output: z.strictObject({ parcels: z.number() }),
  example: { depot: 'https://depot.example/' },
  names: { address: 'depot' },
  run: async () => ({ parcels: 7 }),
});

const heralds: Channel = {
  name: 'heralds',
  label: 'Royal heralds',
  summary: 'Sends a herald to each address.',
  addressed: true,
  reach: 'outside',
  caughtBecause: 'no herald was at home.',
  outsideWords: (to) => `A herald rides to ${to || 'no one'}`,
  preview: async ({ body }) => ({ kind: 'card', blocks: () => [{ as: 'heading', text: `Oyez! ${body}` }] }),
  async deliver(asked, _earlier, context, ports) {
    const message = outgoing(asked, ports);
    const messageId = notificationPath('heralds', context);
    const receipts = message.to.map((to) => ({ channel: 'heralds', to, status: 'caught', messageId }) as const);
    await keepNotification(ports, { channel: 'heralds', message, deliveries: receipts, earlier: undefined }, context);
    return receipts;
  },
};

/** The product's lists with one more entry each: everything that changes when an entry is added. */
export const oneMoreOfEach: Catalog = {
  stepTypes: [...catalog.stepTypes, proclaim],
  tools: [...catalog.tools, countParcels],
  channels: [...catalog.channels, heralds],
};
