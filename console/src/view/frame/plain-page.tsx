import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ASSETS } from './assets.ts';
import { FRAGMENT_HEADER } from './frame.tsx';

/** A page outside of the console's frame: for those who are not in, or may not do what they asked for. It reads nothing. */
export interface PlainPage {
  readonly title: string;
  readonly status: 200 | 400 | 401 | 403 | 404 | 409 | 413 | 421 | 429 | 500 | 503;
  readonly main: Child;
  /** For a client that asked for no page; the title unless given. */
  readonly text?: string;
}

/** Answers with such a page, or with its text where a script asked and not a person. */
export function plainly(c: Context, { title, status, main, text = title }: PlainPage): Response | Promise<Response> {
  if (!asksForPage(c)) return c.text(text, status);
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Playbooks`}</title>
        <link rel="icon" href={ASSETS.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={ASSETS.style} />
      </head>
      <body class="plain">
        <main id="main" class="plain">
          <h1>{title}</h1>
          {main}
        </main>
      </body>
    </html>
  );
  return c.html(html`<!doctype html>${page}`, status);
}

/** Whether a person waits for the answer, and not a script of ours: for the changing part of a page, or for events. */
export function asksForPage(c: Context): boolean {
  const { path } = c.req;
  if (path === '/live' || path.startsWith('/live/')) return false;
  return c.req.header(FRAGMENT_HEADER) === undefined && c.req.header('sec-fetch-dest') !== 'empty';
}
