import { z } from 'zod';
import { stripInvisible } from '#core/clean-text.ts';
import type { Message } from '#channels/channel.ts';
import { channelNamed } from '#channels/index.ts';
import { PlaybookError } from '#core/failure.ts';
import { Priority } from '#language/playbook/playbook.ts';
import { deliverThrough } from './delivery/deliver-through.ts';
import { readFields } from './read-fields.ts';
import { addressesOf } from './delivery/recipients.ts';
import type { StepDefinition } from './step-definition.ts';

const fields = {
  channels: z.array(z.string().min(1)).min(1).max(10).describe('Where to tell: email, slack, dashboard.'),
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
      /** `caught`: kept here, for lack of credentials or because others would read it. */
      status: z.enum(['sent', 'caught']),
      messageId: z.string(),
    }),
  ),
});

/** Tells people through every channel at once. It succeeds when everyone has got it; what was delivered is never sent again. */
export const notify: StepDefinition = {
  kind: 'action',
  type: 'notify',
  summary: 'Tells people through one or more channels.',
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
  effect: () => 'keyed',
  async run(input, context, ports): Promise<z.input<typeof output>> {
    const { channels: names, to = [], priority, subject, body } = readFields(fields, input);
    const channels = [...new Set(names)].map(channelNamed);
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
};
