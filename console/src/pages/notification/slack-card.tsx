import { z } from 'zod';
import type { SlackMessage } from '#channels/slack/slack-blocks.ts';
import { visible } from '#console/view/elements/text.tsx';

const Block = z.union([
  z.object({ type: z.literal('header'), text: z.object({ text: z.string() }) }),
  z.object({ type: z.literal('section'), text: z.object({ text: z.string() }) }),
  z.object({ type: z.literal('context'), elements: z.array(z.object({ text: z.string() })) }),
]);

/** A message as it stands in Slack. */
export const SlackCard = ({ message }: { message: SlackMessage }) => (
  <div class="slack">
    <p class="slack-who">
      <span class="slack-mark" aria-hidden="true">
        ▤
      </span>{' '}
      <strong>Playbooks</strong> <span class="badge">app</span>
    </p>
    {z
      .array(Block)
      .parse(message.blocks)
      .map((block) => {
        if (block.type === 'header') return <h3>{visible(block.text.text)}</h3>;
        if (block.type === 'section') return <Mrkdwn text={block.text.text} />;
        return <p class="muted small">{visible(block.elements.map(({ text }) => text).join(' '))}</p>;
      })}
  </div>
);

const MARKS =
  /```\n?([\s\S]*?)\n?```|`([^`\n]+)`|<([^<>|]+)\|([^<>]*)>|(?<![\p{L}\p{N}])\*([^*\n]+)\*(?![\p{L}\p{N}])/gu;

/** Slack's marks as far as our messages use them; addresses stand beside the words that they are behind. */
const Mrkdwn = ({ text }: { text: string }) => {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    parts.push(plain(text.slice(at, match.index)));
    const [whole, block, code, href, words, bold] = match;
    if (block !== undefined) parts.push(<pre>{plain(block)}</pre>);
    else if (code !== undefined) parts.push(<code>{plain(code)}</code>);
    else if (href !== undefined) parts.push(`${plain(words ?? '')} (${plain(href)})`);
    else parts.push(<strong>{plain(bold ?? '')}</strong>);
    at = match.index + whole.length;
  }
  return (
    <div class="said">
      {parts}
      {plain(text.slice(at))}
    </div>
  );
};

function plain(text: string): string {
  return visible(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}
