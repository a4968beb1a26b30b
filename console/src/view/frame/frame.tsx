import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Control } from '#records/settings/control.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { ASSETS } from './assets.ts';
import { Navigation, type Section } from './navigation.tsx';
import { noticeOf } from './notices.ts';
import { Text } from '../elements/text.tsx';
import { Time } from '../elements/time.tsx';

/** What a page shows, inside the frame that all pages share. */
export interface PageContent {
  readonly title: string;
  /** Undefined: a page outside the sections, like an error. */
  readonly section: Section | undefined;
  /** The topic that the page watches (see live/topics.ts); undefined: it is not kept up to date. */
  readonly live?: string;
  readonly main: Child;
}

/** The header by which the client asks for the changing part of a page alone. */
export const FRAGMENT_HEADER = 'x-fragment';

/**
 * Shown only when all of it is there: what is still arriving moves what is on the screen, like a table that widens its columns.
 * Written as text, because hono keeps the attribute for itself.
 */
const WHOLE = html`<link rel="expect" href="#announcements" blocking="render" />`;

/** Answers with a page, or with only its `<main>` where the client asks for that. */
export async function show(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  content: PageContent,
  status: 200 | 400 | 403 | 404 | 409 | 429 | 500 | 503 = 200,
): Promise<Response> {
  const main = <Main content={content} notice={noticeOf(c.req.query('notice'))} renderedAt={world.clock.now()} />;
  if (c.req.header(FRAGMENT_HEADER) === 'main') return c.html(main, status);

  const { person, csrfToken, timeZone } = c.var;
  const [control, awaiting] = await Promise.all([quietly(world.loadControl()), quietly(world.countAwaiting())]);
  const theme = getCookie(c, 'theme');
  const page = (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${content.title} · Playbooks`}</title>
        <link rel="icon" href={ASSETS.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={ASSETS.style} />
        {WHOLE}

        <script type="module" src={ASSETS.client} />
      </head>
      <body data-zone={timeZone}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Navigation section={content.section} awaiting={awaiting ?? 0} person={person} csrfToken={csrfToken} />
        <ControlBanner control={control} now={world.clock.now()} timeZone={timeZone} />
        {main}
        <div id="announcements" class="unseen" role="status" aria-live="polite" />
      </body>
    </html>
  );
  return c.html(html`<!doctype html>${page}`, status);
}

const Main = ({
  content,
  notice,
  renderedAt,
}: {
  content: PageContent;
  notice: string | undefined;
  renderedAt: Date;
}) => (
  <main id="main" tabindex={-1} data-live={content.live} data-rendered={String(renderedAt.getTime())}>
    {notice === undefined ? null : (
      <p class="notice" role="status">
        {notice}
      </p>
    )}
    {content.main}
  </main>
);

const ControlBanner = ({ control, now, timeZone }: { control: Control | undefined; now: Date; timeZone: string }) => {
  if (control === undefined || control.mode === 'run') return null;
  return (
    <aside class="control-banner" aria-label="All playbooks are paused">
      <strong>All playbooks are paused</strong> ({control.mode}): <Text value={control.reason} max={500} />{' '}
      <span class="muted">
        (<Text value={control.by} max={80} />
      </span>
      {control.until === null ? null : (
        <span class="muted">
          , until <Time at={control.until} now={now} timeZone={timeZone} absolute />
        </span>
      )}
      <span class="muted">)</span>
    </aside>
  );
};

/** The frame shows what it can: a page must not fail because a count in its frame is unavailable. */
async function quietly<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch {
    return undefined;
  }
}
