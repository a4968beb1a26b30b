import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { isRetryable, PlaybookError } from '#core/failure.ts';
import type { Mail, Mailer, MailResult } from '#ports/messengers.ts';
import { batchesOf, REQUEST_LIMITS } from './batches.ts';
import { mailjetExchange } from './exchange.ts';
import { refusalOf } from './failures.ts';

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

/**
 * Mails through Mailjet's Send API v3.1: one message for each recipient, its key as `CustomID`, no tracking. As many go in one
 * request as Mailjet takes; one that is too large for any fails alone.
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
          // What was sent before must not be forgotten.
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

/** One result for each message, in their order. */
async function sendTogether(
  messages: readonly WireMail[],
  call: Exchange,
  signal: AbortSignal,
): Promise<readonly MailResult[]> {
  const send = { method: 'post', resource: 'send', version: 'v3.1', data: { Messages: messages } } as const;
  const answer = await call(send, signal);
  const reply = SendReply.safeParse(answer.body);
  // Where it takes none of the mails, Mailjet answers with a failure, and a verdict for each.
  if (!reply.success && answer.status !== 200) throw refusalOf(answer, new Date());
  if (reply.success && reply.data.Messages.length === messages.length) return reply.data.Messages.map(resultOf);
  throw new PlaybookError('unavailable', 'Mailjet sent an unexpected response: it holds no result for each message.');
}

async function findSent(key: string, call: Exchange, signal: AbortSignal): Promise<string | undefined> {
  const query = { CustomID: key, Limit: '1' };
  const answer = await call({ method: 'get', resource: 'message', version: 'v3', query }, signal);
  if (answer.status !== 200) throw refusalOf(answer, new Date());
  const reply = SearchReply.safeParse(answer.body);
  if (!reply.success)
    throw new PlaybookError('unavailable', 'Mailjet answered with something that is not a list of mails.');
  // Never trust a search that may have ignored what was asked for.
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
