import { z } from 'zod';
import type { Message } from '../channel.ts';
import type { CardBlock, MessageOrigin, Preview } from '../preview.ts';
import { slackMessage } from './slack-blocks.ts';

const Blocks = z.array(
  z.union([
    z.object({ type: z.literal('header'), text: z.object({ text: z.string() }) }),
    z.object({ type: z.literal('section'), text: z.object({ text: z.string() }) }),
    z.object({ type: z.literal('context'), elements: z.array(z.object({ text: z.string() })) }),
  ]),
);

/** The message as shown in Slack. */
export function slackCard(message: Message, { allowedLinkHosts, ...origin }: MessageOrigin): Preview {
  return {
    kind: 'card',
    blocks: () => Blocks.parse(slackMessage(message, origin, { allowedLinkHosts, mark: '' }).blocks).map(cardBlock),
  };
}

function cardBlock(block: z.infer<typeof Blocks>[number]): CardBlock {
  switch (block.type) {
    case 'header':
      return { as: 'heading', text: block.text.text };
    case 'section':
      return { as: 'mrkdwn', text: block.text.text };
    case 'context':
      return { as: 'note', text: block.elements.map(({ text }) => text).join(' ') };
  }
}
