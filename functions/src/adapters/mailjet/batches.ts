/** Mailjet's limits for one request: the number of messages, and their total bytes. */
export const REQUEST_LIMITS = { mails: 50, bytes: 15_000_000 } as const;

/** A generous estimate of the rest of a request. */
const ENVELOPE_BYTES = 1024;

/** The messages of one request, or one that is too large for any request. */
export type Batch<Message> =
  | { readonly kind: 'request'; readonly messages: readonly Message[] }
  | { readonly kind: 'too_large'; readonly bytes: number };

/** Divides messages into requests, in order. */
export function batchesOf<Message>(messages: readonly Message[]): readonly Batch<Message>[] {
  const batches: Batch<Message>[] = [];
  let gathered: Message[] = [];
  let filledBytes = ENVELOPE_BYTES;
  const close = (): void => {
    if (gathered.length > 0) batches.push({ kind: 'request', messages: gathered });
    gathered = [];
    filledBytes = ENVELOPE_BYTES;
  };
  for (const message of messages) {
    const bytes = Buffer.byteLength(`${JSON.stringify(message)},`);
    const isFull = gathered.length === REQUEST_LIMITS.mails || filledBytes + bytes > REQUEST_LIMITS.bytes;
    if (isFull) close();
    if (ENVELOPE_BYTES + bytes > REQUEST_LIMITS.bytes) {
      batches.push({ kind: 'too_large', bytes });
      continue;
    }
    gathered.push(message);
    filledBytes += bytes;
  }
  close();
  return batches;
}
