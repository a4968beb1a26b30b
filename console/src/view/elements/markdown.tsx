import { raw } from 'hono/html';
import { toPageHtml } from '#channels/markdown/page-html.ts';
import { visible } from './text.tsx';

const MAX_CHARS = 100_000;

/**
 * Markdown of a report, a thread or a message: no raw HTML, no image, no link; hidden characters are made visible. Headings
 * begin below those of the page.
 */
export const Markdown = ({ text }: { text: string }) => (
  <div class="prose">
    {raw(toPageHtml(visible(text.slice(0, MAX_CHARS))))}
    {text.length > MAX_CHARS ? <p class="muted">Cut here: this is only the first part.</p> : null}
  </div>
);
