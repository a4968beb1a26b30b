import type { Channel } from '#channels/channel.ts';

/** A channel to one outside place that does what the test specifies. */
export function aChannel(name: string, deliver: Channel['deliver'], over: Partial<Channel> = {}): Channel {
  return {
    name,
    label: name,
    summary: 'Does what a test says.',
    addressed: false,
    reach: 'outside',
    caughtBecause: 'a test said so.',
    outsideWords: () => `A message through ${name}`,
    preview: async () => ({ kind: 'markdown' }),
    deliver,
    ...over,
  };
}
