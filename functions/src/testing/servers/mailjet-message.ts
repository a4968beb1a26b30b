import { z } from 'zod';

const Address = z.strictObject({ Email: z.string(), Name: z.string().optional() });

/** One message of a Send API v3.1 request, as far as this server supports it. */
export const MailjetMessage = z.strictObject({
  From: Address.optional(),
  To: z.array(Address).optional(),
  Subject: z.string().optional(),
  TextPart: z.string().optional(),
  HTMLPart: z.string().optional(),
  CustomID: z.string().optional(),
  TrackOpens: z.enum(['account_default', 'disabled', 'enabled']).optional(),
  TrackClicks: z.enum(['account_default', 'disabled', 'enabled']).optional(),
});
export type MailjetMessage = z.infer<typeof MailjetMessage>;

/** Why Mailjet refuses something, with its own code. */
export interface MailjetRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly related?: readonly string[];
}

/** The rules that depend on the account. */
export interface MailjetRules {
  /** The validated sender addresses; without them, every sender is accepted. */
  readonly senders: readonly string[] | undefined;
  /** Addresses for which mail is refused, with the status of the refusal. */
  readonly refusedAddresses: ReadonlyMap<string, number>;
}

/** Everything that Mailjet refuses about one message; empty if it accepts the message. */
export function messageRefusals(message: MailjetMessage, rules: MailjetRules): readonly MailjetRefusal[] {
  return [...senderRefusals(message, rules), ...recipientRefusals(message, rules), ...contentRefusals(message)];
}

function senderRefusals({ From }: MailjetMessage, { senders }: MailjetRules): readonly MailjetRefusal[] {
  if (From === undefined) return [missing('From')];
  if (senders === undefined || senders.includes(From.Email)) return [];
  const text = `"${From.Email}" is not an authorized sender email address for your account.`;
  return [{ status: 403, code: 'send-0008', message: text, related: ['From'] }];
}

function recipientRefusals({ To = [] }: MailjetMessage, { refusedAddresses }: MailjetRules): readonly MailjetRefusal[] {
  if (To.length === 0 || To.length > 50) return [missing('To')];
  return To.flatMap(({ Email, Name = '' }, index) => {
    const related = [`To[${index}].Email`];
    const refusedWith = refusedAddresses.get(Email);
    if (refusedWith !== undefined) {
      const text = `"${Email}" does not accept mails.`;
      return [{ status: refusedWith, code: 'send-0011', message: text, related }];
    }
    if (/^[^\s@"<>,;]+@[^\s@"<>,;]+\.[^\s@"<>,;]+$/.test(Email) && !/[\r\n]/.test(Name)) return [];
    return [{ status: 400, code: 'mj-0013', message: `"${Email}" is an invalid email address.`, related }];
  });
}

function contentRefusals({ TextPart, HTMLPart, Subject = '' }: MailjetMessage): readonly MailjetRefusal[] {
  const refusals: MailjetRefusal[] = [];
  if (TextPart === undefined && HTMLPart === undefined) {
    const text = 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.';
    refusals.push({ status: 400, code: 'send-0003', message: text, related: ['HTMLPart', 'TextPart'] });
  }
  if (/[\r\n\0]/.test(Subject)) {
    refusals.push({ status: 400, code: 'mj-0005', message: 'Line breaks are not allowed.', related: ['Subject'] });
  }
  return refusals;
}

function missing(property: string): MailjetRefusal {
  return { status: 400, code: 'mj-0003', message: 'Missing mandatory property.', related: [property] };
}
