import { cut } from '#core/cut.ts';
import type { IncomingMessage } from 'node:http';
import { Writable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PlaybookError } from '#core/failure.ts';

/** The encodings that `readBody` decodes. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The body of an answer as text, decompressed as it arrives and limited to `maxBytes`. Throws `rejected` if it is
 * larger, has an unknown encoding, or is not in the declared charset; and what the connection throws if it breaks.
 */
export async function readBody(answer: IncomingMessage, method: string, maxBytes: number): Promise<string> {
  const declaredBytes = Number(answer.headers['content-length'] ?? Number.NaN);
  const empty = method === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304 || declaredBytes === 0;
  if (empty) {
    answer.resume();
    return '';
  }
  const chunks: Buffer[] = [];
  const collect = collector(chunks, maxBytes);
  try {
    const decoders = decodersOf(answer.headers['content-encoding'] ?? '');
    if (decoders.length === 0 && declaredBytes > maxBytes) throw tooLarge(maxBytes);
    await pipeline([answer, ...decoders, collect]);
  } catch (thrown) {
    answer.destroy();
    throw isZlibError(thrown) ? rejected('its body is not compressed as declared', thrown) : thrown;
  }
  return decode(Buffer.concat(chunks), answer.headers['content-type'] ?? '');
}

function collector(chunks: Buffer[], maxBytes: number): Writable {
  let bytes = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      chunks.push(chunk);
      done(bytes > maxBytes ? tooLarge(maxBytes) : null);
    },
  });
}

/** The encoding applied last is decoded first. */
function decodersOf(contentEncoding: string): readonly Transform[] {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > 3) throw rejected('its body is compressed more than three times');
  return names.toReversed().map((name) => {
    const create = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
    if (create === undefined) throw rejected(`its body has the unsupported encoding ${cut(name, 40)}`);
    return create();
  });
}

function decode(bytes: Buffer, contentType: string): string {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  // Without a declared charset, any body is accepted.
  if (charset === undefined) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw rejected(`its body is not text in the declared charset, ${cut(charset, 40)}`, thrown);
  }
}

function tooLarge(maxBytes: number): PlaybookError {
  return rejected(`its body is larger than ${maxBytes} bytes`);
}

function rejected(why: string, cause?: unknown): PlaybookError {
  return new PlaybookError('rejected', `The answer was not accepted: ${why}.`, { cause });
}

function isZlibError(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return false;
  return /^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/.test(thrown.code) || thrown.code.startsWith('ERR__ERROR');
}
