import { createHash, timingSafeEqual } from 'node:crypto';
import type { RunnerRequest } from './request.ts';

/** The accepted callers. */
export interface Callers {
  /** The currently valid secrets; any of them is accepted. */
  readonly secrets: readonly string[];
  /** Whether a token is of the expected account; undefined if tokens are not accepted. */
  readonly verifyToken: ((token: string) => Promise<boolean>) | undefined;
}

/**
 * Whether the caller is authenticated: by `Authorization: Bearer SECRET`, by `X-Cron-Secret` (Cloud Scheduler puts its
 * own token into `Authorization` if a job has one), or by a Google-signed token. Compares in constant time and with
 * every secret, even after a match. Reads only the headers.
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

/** A repeated header is ignored. */
function only(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}

/** Digests have equal lengths, as the comparison requires, and do not reveal where the texts differ. */
function isSame(presented: string, secret: string): boolean {
  return secret !== '' && timingSafeEqual(digest(presented), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
