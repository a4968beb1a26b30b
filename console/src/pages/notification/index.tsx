import { Hono, type Context } from 'hono';
import type { Channel } from '#channels/channel.ts';
import type { MessageOrigin } from '#channels/preview.ts';
import { loadNotification, type Notification } from '#records/notifications/notifications.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { contentPolicy } from '#console/access/security-headers.ts';
import { show } from '#console/view/frame/frame.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { mailPage, type MailPage } from './mail-page.ts';
import { playbookNameOf, previewOf } from './message-preview.ts';
import { seededPeople } from '#console/view/records/seeded-people.ts';
import { MessagePage } from './message-page.tsx';

const UNKNOWN = 'No message has this ID. It may have been deleted.';

/** The mail stands in a frame of its own: no script, no form, no way out, and a style sheet of this site alone. */
const MAIL_POLICY = contentPolicy({
  'script-src': "'none'",
  'img-src': "'none'",
  'connect-src': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'self'",
  sandbox: 'allow-same-origin',
});

type PageContext = Context<ConsoleEnv>;

/** `/notifications/{id}`: one message, as its reader saw it. Reads at most 3 documents beside those of the frame. */
export function notificationPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/notifications/:id', async (c) => {
    const id = c.req.param('id');
    const message = await loadNotification(world.documents, id);
    if (message === undefined) return notFoundPage(c, world, UNKNOWN);
    const part = c.req.query('part') === 'text' ? 'text' : 'html';
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    const channel = channelOf(world, message);
    const origin = await originOf(world, message);
    const preview = await previewOf(message, channel, origin);
    if (preview.kind === 'page') c.header('content-security-policy', contentPolicy({ 'frame-src': "'self'" }));
    return show(c, world, {
      title: shownText(message.subject, 80),
      section: 'notifications',
      main: <MessagePage {...{ id, message, channel, origin, preview, part, time }} />,
    });
  });
  app.get('/notifications/:id/mail', async (c) => {
    const mail = await mailOf(c, world);
    if (mail === undefined) return notFoundPage(c, world, UNKNOWN);
    return c.html(mail.html, 200, { 'content-security-policy': MAIL_POLICY, 'x-frame-options': 'SAMEORIGIN' });
  });
  app.get('/notifications/:id/mail.css', async (c) => {
    const mail = await mailOf(c, world);
    if (mail === undefined) return notFoundPage(c, world, UNKNOWN);
    return c.body(mail.css, 200, { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' });
  });
  return app;
}

async function mailOf(c: PageContext, world: ConsoleWorld): Promise<MailPage | undefined> {
  const message = await loadNotification(world.documents, c.req.param('id') ?? '');
  if (message === undefined) return undefined;
  const preview = await previewOf(message, channelOf(world, message), await originOf(world, message));
  return preview.kind === 'page' ? mailPage(preview.html(), 'mail.css') : undefined;
}

/** Undefined where the channel does not exist any more. */
function channelOf({ catalog }: ConsoleWorld, message: Notification): Channel | undefined {
  return catalog.channels.find(({ name }) => name === message.channel);
}

async function originOf(world: ConsoleWorld, message: Notification): Promise<MessageOrigin> {
  const [playbookName, { allowedLinkHosts }] = await Promise.all([
    playbookNameOf(world.documents, message),
    seededPeople(world),
  ]);
  return { playbookName, executionId: message.executionId, allowedLinkHosts };
}
