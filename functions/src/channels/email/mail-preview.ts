import type { Message } from '../channel.ts';
import { toHtml, toText } from '../markdown/markdown.ts';
import type { MessageOrigin, Preview } from '../preview.ts';
import { mailHtml, mailText } from './mail-layout.ts';

/** Both parts of the mail, HTML and text, as they were or would have been sent. */
export function mailPreview({ subject, priority, body }: Message, origin: MessageOrigin): Preview {
  const { allowedLinkHosts } = origin;
  return {
    kind: 'page',
    html: () => mailHtml({ subject, priority, bodyHtml: toHtml(body, { allowedLinkHosts }), origin }),
    text: () => mailText({ subject, priority, origin }, toText(body)),
  };
}
