import type { CardBlock } from '#channels/preview.ts';
import { visible } from '#console/view/elements/text.tsx';

/** A message as it stands in a chat. */
export const Card = ({ blocks }: { blocks: readonly CardBlock[] }) => (
  <div class="chat">
    <p class="chat-who">
      <span class="chat-mark" aria-hidden="true">
        ▤
      </span>{' '}
      <strong>Playbooks</strong> <span class="badge">app</span>
    </p>
    {blocks.map(({ as, text }) => {
      if (as === 'heading') return <h3>{visible(text)}</h3>;
      return as === 'mrkdwn' ? <Mrkdwn text={text} /> : <p class="muted small">{visible(text)}</p>;
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
