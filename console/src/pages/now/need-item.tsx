import type { Child } from 'hono/jsx';
import { Badge, type Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';

interface ItemProps {
  readonly id: string;
  readonly href: string;
  readonly badge: { readonly tone: Tone; readonly sign: string; readonly word: string };
  readonly title: string;
  readonly children: Child;
}

/** One card of what needs attention: what it is, its title, and a line about it. */
export const NeedItem = ({ id, href, badge: { tone, sign, word }, title, children }: ItemProps) => (
  <li id={`needs-${shownText(id, 200)}`}>
    <a href={href} class="need">
      <Badge tone={tone} sign={sign}>
        {word}
      </Badge>
      <span class="title">
        <Text value={title} max={120} />
      </span>
      <span class="small muted">{children}</span>
    </a>
  </li>
);
