import { z } from 'zod';
import { stripInvisible } from '#core/clean-text.ts';
import { type Message, channelNamed } from '#channels/channel.ts';
import { channels as allChannels } from '#channels/index.ts';
import { PlaybookError } from '#core/failure.ts';
import { Priority } from '#language/playbook/playbook.ts';
import { deliverThrough } from './delivery/deliver-through.ts';
import { addressesOf } from './delivery/recipients.ts';
import { messageWords } from './outside-words.ts';
import { defineStep } from './definition/define-step.ts';

const fields = {
  channels: z
    .array(z.string().min(1))
    .min(1)
    .max(10)
    .describe(`The channels to use: ${allChannels.map(({ name }) => name).join(', ')}.`),
  to: z.array(z.string().min(1).max(320)).max(50).optional().describe('Roles of people.yaml, or addresses.'),
  priority: Priority.default('normal'),
  subject: z.string().min(1).max(1_000),
  body: z.string().max(200_000).describe('Markdown.'),
};

const output = z.strictObject({
  deliveries: z.array(
    z.strictObject({
      channel: z.string(),
      to: z.string(),
      /** `caught`: only stored, without credentials or because others would read it. */
      status: z.enum(['sent', 'caught']),
      messageId: z.string(),
    }),
  ),
});

/** Notifies people through all channels at the same time. It succeeds when all have received it; delivered messages are never sent again. */
export const notify = defineStep({
  type: 'notify',
  summary: 'Notifies people through one or more channels.',
  fields,
  output,
  example: {
    id: 'mail',
    type: 'notify',
    channels: ['email'],
    to: ['reports'],
    priority: 'normal',
    subject: '${{ steps.report.output.title }}',
    body: '${{ steps.report.output.markdown }}',
  },
  defaultTimeoutMs: 60_000,
  names: { channels: 'channels', recipients: 'to' },
  readAs: {
    input: [
      { as: 'facts', fields: { Channels: 'channels', To: 'to', Priority: 'priority' } },
      { as: 'message', title: 'subject', body: 'body' },
    ],
  },
  effect: () => 'keyed',
  outsideEffects(step, named) {
    const read = Written.safeParse(step);
    return read.success
      ? messageWords(read.data.channels, read.data.to, named)
      : ['Messages to recipients that an expression names'];
  },
  leftForPeople(input, left) {
    const { subject } = Told.catch({ subject: '' }).parse(input);
    const { deliveries } = output.catch({ deliveries: [] }).parse(left);
    const byChannel = Map.groupBy(deliveries, ({ channel, status }) => `${channel}, ${status}`);
    return [...byChannel].map(([what, made]) => ({
      what,
      to: [...new Set(made.map(({ to }) => to))].join(', '),
      title: subject,
    }));
  },
  alertFields({ channels, to, priority, subject, body, onlyInside }, named) {
    const message = { priority, subject, body };
    if (!onlyInside && channels.length > 0) return { ...message, channels, ...(to !== undefined && { to }) };
    return { ...message, channels: named.channels.filter(({ reach }) => reach === 'inside').map(({ name }) => name) };
  },
  async run({ channels: names, to = [], priority, subject, body }, context, ports) {
    const channels = [...new Set(names)].map((name) => channelNamed(ports.channels, name));
    const addresses = to.length === 0 ? [] : addressesOf(to, await ports.settings.people());
    const unaddressed = channels.find(({ addressed }) => addressed && addresses.length === 0);
    if (unaddressed !== undefined) {
      throw new PlaybookError(
        'input_invalid',
        `${unaddressed.name} needs recipients; name roles or addresses in 'to'.`,
      );
    }
    const message: Message = { to: addresses, priority, subject: stripInvisible(subject), body: stripInvisible(body) };
    return { deliveries: [...(await deliverThrough(channels, message, context, ports))] };
  },
});

/** The fields as written, where no expression replaces a complete list. */
const Written = z.looseObject({ channels: z.array(z.string()), to: z.array(z.string()).default([]) });
const Told = z.looseObject({ subject: z.string() });
