import { PlaybookError, type FailureCode } from '#core/failure.ts';
import { failureCodeOf, retryAfterMs } from '#ports/http-failure.ts';
import type { ChatPoster } from '#ports/messengers.ts';
import { withinLimit } from '../call-limit.ts';
import { callFailure } from '../network-error.ts';

const CALL_TIMEOUT_MS = 10_000;

/** How to access Slack. */
export interface SlackOptions {
  /** The incoming webhook: a secret, which our messages never contain. */
  readonly webhookUrl: string;
  /** Our limit for one call; 10 s by default. */
  readonly timeoutMs?: number;
}

/**
 * Posts to one Slack channel through an incoming webhook. Webhooks support no idempotency keys and return no message
 * id.
 */
export function slackPoster({ webhookUrl, timeoutMs = CALL_TIMEOUT_MS }: SlackOptions): ChatPoster {
  return {
    async post({ text, blocks }, signal) {
      if (!/^https?:$/.test(URL.parse(webhookUrl)?.protocol ?? '')) throw noWebhook();
      const body = JSON.stringify({ text, blocks, unfurl_links: false, unfurl_media: false });
      const answer = await answered(
        withinLimit({ signal, timeoutMs, what: 'Slack' }, (limited) => send(webhookUrl, body, limited)),
      );
      if (answer.status !== 200) throw refused(answer, new Date());
    },
  };
}

interface Answer {
  readonly status: number;
  readonly word: string;
  readonly retryAfter: string | null;
}

async function send(webhookUrl: string, body: string, signal: AbortSignal): Promise<Answer> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const response = await fetch(webhookUrl, { method: 'POST', headers, body, signal, redirect: 'manual' });
  const word = (await response.text()).trim().slice(0, 100);
  return { status: response.status, word, retryAfter: response.headers.get('retry-after') };
}

async function answered(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    const failure = callFailure(thrown, 'Slack');
    if (failure.code !== 'unavailable') throw failure;
    const message = `${failure.message} The message may or may not have been posted.`;
    throw new PlaybookError('unavailable', message, { cause: thrown });
  }
}

function noWebhook(): PlaybookError {
  return new PlaybookError(
    'unconfigured',
    'SLACK_WEBHOOK_URL is not a valid address. Set it to the incoming webhook that Slack shows: https://hooks.slack.com/services/….',
  );
}

function refused({ status, word, retryAfter }: Answer, now: Date): PlaybookError {
  const code = codeOf(status);
  const hint = code === 'unauthenticated' ? ' Create a new webhook and set SLACK_WEBHOOK_URL.' : '';
  return new PlaybookError(code, `Slack answered ${status}: ${word === '' ? 'no explanation' : word}.${hint}`, {
    retryAfterMs: retryAfterMs(retryAfter, now),
    details: { status },
  });
}

/**
 * no_service, invalid_token, channel_not_found, action_prohibited, channel_is_archived: the webhook can no longer be
 * used.
 */
function codeOf(status: number): FailureCode {
  return status === 404 || status === 410 ? 'unauthenticated' : failureCodeOf(status);
}
