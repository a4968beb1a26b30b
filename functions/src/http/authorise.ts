import { createHash, timingSafeEqual } from 'node:crypto';
import type { RunnerRequest } from './request.ts';

/** Who may call. */
export interface Callers {
  /** The secrets that are valid now; any of them opens. */
  readonly secrets: readonly string[];
  /** Whether this is a token of the expected account; undefined where tokens are not accepted. */
  readonly verifyToken: ((token: string) => Promise<boolean>) | undefined;
}

/**
 * Whether the caller is known: by `Authorization: Bearer SECRET`, by `X-Cron-Secret` (Cloud Scheduler puts its own token
 * into `Authorization` when a job has one), or by a Google-signed token. Compares in constant time, and compares with every
 * secret, whatever matches. Reads nothing but the headers.
 */
export async function isKnownCaller(request: RunnerRequest, callers: Callers): Promise<boolean> {
  const bearer = bearerOf(request);
  const presented = [bearer, only(request.headers['x-cron-secret'])].filter((value) => value !== undefined);
  let known = false;
  for (const value of presented) {
    for (const secret of callers.secrets) known = isSame(value, secret) || known;
  }
  if (known) return true;
  return bearer !== undefined && callers.verifyToken !== undefined && (await callers.verifyToken(bearer));
}

function bearerOf(request: RunnerRequest): string | undefined {
  return /^Bearer ([^\s]+)$/.exec(only(request.headers['authorization']) ?? '')?.[1];
}

/** A header that is sent twice says nothing. */
function only(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

/** Digests have one length, which the comparison needs, and say nothing about where the texts differ. */
function isSame(presented: string, secret: string): boolean {
  return secret !== '' && timingSafeEqual(digest(presented), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
