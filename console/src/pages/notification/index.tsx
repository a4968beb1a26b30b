import { cut } from '#core/cut.ts';
import { Hono, type Context } from 'hono';
import type { Child } from 'hono/jsx';
import { loadNotification, type Notification } from '#records/notifications/notifications.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { contentPolicy } from '#console/access/security-headers.ts';
import { show } from '#console/view/frame/frame.tsx';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Facts, Head, Panel, Table } from '#console/view/elements/parts.tsx';
import { Tabs } from '#console/view/elements/tabs.tsx';
import { shownText, Text, visible } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';
import { DeliveryBadge, PriorityBadge } from '#console/view/records/notification-badges.tsx';
import { mailPage, type MailPage } from './mail-page.ts';
import { htmlPart, playbookNameOf, slackPost, textPart, type Surroundings } from './rendered-message.ts';
import { SlackCard } from './slack-card.tsx';
import { seededPeople } from '#console/view/records/seeded-people.ts';

const MAX_TEXT_CHARS = 100_000;
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
    const around = await surroundingsOf(world, message);
    if (message.channel === 'email') c.header('content-security-policy', contentPolicy({ 'frame-src': "'self'" }));
    return show(c, world, {
      title: shownText(message.subject, 80),
      section: 'notifications',
      main: <MessagePage id={id} message={message} part={part} around={around} time={time} />,
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
  if (message?.channel !== 'email') return undefined;
  return mailPage(htmlPart(message, await surroundingsOf(world, message)), 'mail.css');
}

async function surroundingsOf(world: ConsoleWorld, message: Notification): Promise<Surroundings> {
  const [playbookName, { allowedLinkHosts }] = await Promise.all([
    playbookNameOf(world.documents, message),
    seededPeople(world),
  ]);
  return { playbookName, allowedLinkHosts };
}

interface Shown {
  readonly id: string;
  readonly message: Notification;
  readonly part: 'html' | 'text';
  readonly around: Surroundings;
  readonly time: ReaderTime;
}

const MessagePage = (shown: Shown) => {
  const { message, around, time } = shown;
  return (
    <>
      <Head title={<Text value={message.subject} max={240} />}>
        <span class="row">
          <DeliveryBadge status={message.status} />
          <PriorityBadge priority={message.priority} />
          <span>
            {shownText(message.channel, 40)}, <Time at={message.createdAt} {...time} />
          </span>
        </span>
      </Head>
      <Caught message={message} />
      <div class="grid wide-first">
        <Panel title="Preview" id="message">
          <Reader {...shown} />
        </Panel>
        <div class="stack">
          <Deliveries message={message} />
          <Panel title="Source">
            <Facts
              facts={[
                [
                  'Playbook',
                  <a href={`/playbooks/${encodeURIComponent(message.playbookId)}`}>
                    <Text value={around.playbookName} max={80} />
                  </a>,
                ],
                [
                  'Execution',
                  <a href={executionHref(message.executionId)}>
                    <Text value={message.executionId} max={80} />
                  </a>,
                ],
                [
                  'Step',
                  <a href={stepHref(message.executionId, message.stepPath)}>
                    <Text value={message.stepPath} max={80} />
                  </a>,
                ],
                ['Created', <Time at={message.createdAt} {...time} absolute />],
              ]}
            />
          </Panel>
        </div>
      </div>
    </>
  );
};

const Reader = ({ id, message, part, around }: Shown): Child => {
  if (message.channel === 'slack') return <SlackCard message={slackPost(message, around)} />;
  if (message.channel !== 'email') return <Markdown text={message.body} />;
  const path = `/notifications/${encodeURIComponent(id)}`;
  const text = part === 'text' ? textPart(message, around) : '';
  return (
    <>
      <Tabs
        label="Parts of the mail"
        tabs={[
          { name: 'HTML', href: path, current: part === 'html' },
          { name: 'Text', href: `${path}?part=text`, current: part === 'text' },
        ]}
      />
      {part === 'html' ? (
        <iframe class="mail-frame" title="The mail" src={`${path}/mail`} sandbox="allow-same-origin" />
      ) : (
        <pre class="letter" tabindex={0} role="region" aria-label="The text part of the mail">
          {visible(cut(text, MAX_TEXT_CHARS))}
          {text.length > MAX_TEXT_CHARS ? '…' : ''}
        </pre>
      )}
    </>
  );
};

const Caught = ({ message }: { message: Notification }) => {
  if (!message.deliveries.some(({ status }) => status === 'caught')) return null;
  return (
    <p class="hint">
      <strong>Not sent:</strong>{' '}
      {message.channel === 'email'
        ? 'there are no mail credentials here, so the message was only kept. Set MAILJET_API_KEY and MAILJET_API_SECRET (on your machine: npm start -- --deliver) to send the next one.'
        : 'there are no credentials for this channel, or the execution was limited to one recipient, so the message was only kept.'}
    </p>
  );
};

const Deliveries = ({ message }: { message: Notification }) => (
  <Panel title="Recipients">
    {message.deliveries.length === 0 ? <p class="muted">No recipients</p> : null}
    <Table
      label="Deliveries"
      columns={['To', 'Delivery']}
      rows={message.deliveries.slice(0, 100).map((delivery, index) => ({
        key: `delivery-${index}`,
        cells: [
          <Text value={delivery.to} max={80} />,
          <span>
            <DeliveryBadge status={delivery.status} />{' '}
            {delivery.status === 'failed' ? (
              <span class="small">
                <Text value={delivery.reason} max={400} />
                {delivery.ambiguous ? ' It may still have arrived: no answer came back.' : ''}
              </span>
            ) : null}
          </span>,
        ],
      }))}
    />
  </Panel>
);
