import type { Client } from 'node-mailjet';
import { z } from 'zod';
import { PlaybookError } from '../../engine/failure.ts';
import type { Mail, Mailer, MailResult } from '../../ports/messengers.ts';
import { withinLimit } from '../call-limit.ts';
import { bodyOf, mailjetFailure } from './failures.ts';

/** Mailjet's own limit for one request. */
const MAILS_PER_REQUEST = 50;
const CALL_TIMEOUT_MS = 15_000;

/** How Mailjet is reached, and who sends. */
export interface MailjetOptions {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the API is; Mailjet's own unless said otherwise. */
  readonly baseUrl?: string | undefined;
  readonly sender: { readonly email: string; readonly name: string };
  /** Our limit for one call; 15 s unless said otherwise. */
  readonly timeoutMs?: number;
}

const MessageId = z.unknown().transform(String);
const Verdict = z.discriminatedUnion('Status', [
  z.object({ Status: z.literal('success'), To: z.array(z.object({ MessageID: MessageId })).min(1) }),
  z.object({
    Status: z.literal('error'),
    Errors: z.array(z.object({ StatusCode: z.number(), ErrorCode: z.string(), ErrorMessage: z.string() })).min(1),
  }),
]);
const SendReply = z.object({ Messages: z.array(Verdict) });
const SearchReply = z.object({ Data: z.array(z.object({ ID: MessageId, CustomID: z.string() })) });

/** Mails through Mailjet's Send API v3.1: one message for each recipient, its key as `CustomID`, no tracking. */
export function mailjetMailer(options: MailjetOptions): Mailer {
  const { sender, timeoutMs = CALL_TIMEOUT_MS } = options;
  let opened: Promise<Client> | undefined;

  /** Resolves to the body of the answer, also of one that refuses mails one by one. */
  async function call(signal: AbortSignal, request: (client: Client) => Promise<{ body: unknown }>): Promise<unknown> {
    try {
      const client = await (opened ??= openClient(options, timeoutMs));
      // Mailjet's client cannot be cancelled: we stop waiting, and its own time-out ends the connection.
      return (await withinLimit({ signal, timeoutMs, what: 'Mailjet' }, () => request(client))).body;
    } catch (thrown) {
      const body = bodyOf(thrown);
      if (SendReply.safeParse(body).success) return body;
      throw mailjetFailure(thrown, new Date());
    }
  }

  async function sendSome(mails: readonly Mail[], signal: AbortSignal): Promise<readonly MailResult[]> {
    const Messages = mails.map((mail) => toWire(mail, sender));
    const body = await call(signal, (client) => client.post('send', { version: 'v3.1' }).request({ Messages }));
    const reply = SendReply.safeParse(body);
    if (reply.success && reply.data.Messages.length === mails.length) return reply.data.Messages.map(resultOf);
    throw new PlaybookError('unavailable', 'Mailjet answered with something that is not a list of its verdicts.');
  }

  return {
    async send(mails, signal) {
      const results: MailResult[] = [];
      for (let from = 0; from < mails.length; from += MAILS_PER_REQUEST) {
        const some = mails.slice(from, from + MAILS_PER_REQUEST);
        try {
          results.push(...(await sendSome(some, signal)));
        } catch (thrown) {
          // What was sent before must not be forgotten.
          if (from === 0 || !(thrown instanceof PlaybookError)) throw thrown;
          const reason = thrown.message;
          results.push(...some.map(() => ({ status: 'failed' as const, retryable: true, reason })));
        }
      }
      return results;
    },
    async find(key, signal) {
      const search = { CustomID: key, Limit: 1 };
      const body = await call(signal, (client) => client.get('message', { version: 'v3' }).request({}, search));
      const reply = SearchReply.safeParse(body);
      if (!reply.success)
        throw new PlaybookError('unavailable', 'Mailjet answered with something that is not a list of mails.');
      // Never trust a search that may have ignored what was asked for.
      return reply.data.Data.find(({ CustomID }) => CustomID === key)?.ID;
    },
  };
}

async function openClient({ apiKey, apiSecret, baseUrl }: MailjetOptions, timeoutMs: number): Promise<Client> {
  const { Client } = await import('node-mailjet');
  const options = { timeout: timeoutMs };
  if (baseUrl === undefined) return new Client({ apiKey, apiSecret, options });
  const { protocol, hostname, host, port } = new URL(baseUrl);
  if (protocol === 'https:') return new Client({ apiKey, apiSecret, options, config: { host } });
  // The client always writes https; over plain http it only speaks to a proxy, which is what a local server then is.
  const proxy = { protocol: 'http', host: hostname, port: Number(port === '' ? 80 : port) };
  return new Client({ apiKey, apiSecret, options: { ...options, proxy } });
}

function toWire(mail: Mail, sender: MailjetOptions['sender']): Readonly<Record<string, unknown>> {
  return {
    From: { Email: sender.email, Name: sender.name },
    To: [{ Email: mail.to }],
    Subject: mail.subject,
    TextPart: mail.text,
    HTMLPart: mail.html,
    CustomID: mail.key,
    TrackOpens: 'disabled',
    TrackClicks: 'disabled',
  };
}

function resultOf(verdict: z.infer<typeof Verdict>): MailResult {
  if (verdict.Status === 'success') return { status: 'sent', messageId: verdict.To[0]?.MessageID ?? '' };
  const retryable = verdict.Errors.every(({ StatusCode }) => StatusCode === 429 || StatusCode >= 500);
  const reason = verdict.Errors.map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`).join(' ');
  return { status: 'failed', retryable, reason: reason.slice(0, 1000) };
}
