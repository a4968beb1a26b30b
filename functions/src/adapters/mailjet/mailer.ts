import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { isRetryable, PlaybookError } from '#core/failure.ts';
import type { Mail, Mailer, MailResult } from '#ports/messengers.ts';
import { batchesOf, REQUEST_LIMITS } from './batches.ts';
import { mailjetExchange } from './exchange.ts';
import { refusalOf } from './failures.ts';

const CALL_TIMEOUT_MS = 15_000;

/** How to access Mailjet, and the sender. */
export interface MailjetOptions {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The address of the API; Mailjet's by default. */
  readonly baseUrl?: string | undefined;
  readonly sender: { readonly email: string; readonly name: string };
  /** Our limit for one call; 15 s by default. */
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

/**
 * Mails through Mailjet's Send API v3.1: one message for each recipient, its key as `CustomID`, no tracking. One
 * request contains as many as Mailjet accepts; a message too large for any request fails alone.
 */
export function mailjetMailer(options: MailjetOptions): Mailer {
  const { sender, timeoutMs = CALL_TIMEOUT_MS } = options;
  const call = mailjetExchange({ ...options, timeoutMs });
  return {
    async send(mails, signal) {
      const results: MailResult[] = [];
      for (const batch of batchesOf(mails.map((mail) => toWire(mail, sender)))) {
        if (batch.kind === 'too_large') {
          results.push(tooLarge(batch.bytes));
          continue;
        }
        try {
          results.push(...(await sendTogether(batch.messages, call, signal)));
        } catch (thrown) {
          // Mails already sent must not be forgotten.
          if (results.length === 0 || !(thrown instanceof PlaybookError)) throw thrown;
          results.push(...batch.messages.map(() => unsent(thrown)));
        }
      }
      return results;
    },
    find: (key, signal) => findSent(key, call, signal),
  };
}

type Exchange = ReturnType<typeof mailjetExchange>;

/** One result per message, in order. */
async function sendTogether(
  messages: readonly WireMail[],
  call: Exchange,
  signal: AbortSignal,
): Promise<readonly MailResult[]> {
  const send = { method: 'post', resource: 'send', version: 'v3.1', data: { Messages: messages } } as const;
  const answer = await call(send, signal);
  const reply = SendReply.safeParse(answer.body);
  // If it accepts none of the mails, Mailjet answers with a failure and a verdict for each.
  if (!reply.success && answer.status !== 200) throw refusalOf(answer, new Date());
  if (reply.success && reply.data.Messages.length === messages.length) return reply.data.Messages.map(resultOf);
  throw new PlaybookError('unavailable', 'Mailjet sent an unexpected response: a message has no result.');
}

async function findSent(key: string, call: Exchange, signal: AbortSignal): Promise<string | undefined> {
  const query = { CustomID: key, Limit: '1' };
  const answer = await call({ method: 'get', resource: 'message', version: 'v3', query }, signal);
  if (answer.status !== 200) throw refusalOf(answer, new Date());
  const reply = SearchReply.safeParse(answer.body);
  if (!reply.success)
    throw new PlaybookError('unavailable', 'Mailjet sent an unexpected response: it is not a list of mails.');
  // Do not trust the search: it may have ignored the filter.
  return reply.data.Data.find(({ CustomID }) => CustomID === key)?.ID;
}

function tooLarge(bytes: number): MailResult {
  const reason = `The email is ${bytes} bytes; Mailjet accepts at most ${REQUEST_LIMITS.bytes}. Make it shorter.`;
  return { status: 'failed', retryable: false, reason };
}

function unsent(failure: PlaybookError): MailResult {
  return { status: 'failed', retryable: isRetryable(failure), reason: failure.message };
}

type WireMail = Readonly<Record<string, unknown>>;

function toWire(mail: Mail, sender: MailjetOptions['sender']): WireMail {
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
  return { status: 'failed', retryable, reason: cut(reason, 1000) };
}
