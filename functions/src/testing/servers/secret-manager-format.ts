import { jsonReply, type LocalReply, type LocalRequest } from './local-server.ts';

/** One version of a secret as the server stores it. `data` is null once it is destroyed. */
export interface KeptVersion {
  readonly number: number;
  readonly data: Buffer | null;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

/** One secret as the server stores it; `versions` from oldest to newest. */
export interface KeptSecret {
  readonly labels: Readonly<Record<string, string>>;
  readonly versions: readonly KeptVersion[];
}

const CREATE_TIME = '2026-11-20T14:00:00Z';
const STATE_NUMBERS = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 } as const;

/** A secret without its versions. */
export function secretOnWire(name: string, { labels }: KeptSecret): unknown {
  return { name, replication: { automatic: {} }, createTime: CREATE_TIME, labels, etag: '"1"' };
}

/** A version without its payload; `numeric`: the state as a number. */
export function versionOnWire(name: string, { number, state }: KeptVersion, numeric: boolean): unknown {
  return {
    name: `${name}/versions/${number}`,
    createTime: CREATE_TIME,
    ...(state === 'DESTROYED' ? { destroyTime: CREATE_TIME } : {}),
    state: numeric ? STATE_NUMBERS[state] : state,
    replicationStatus: { automatic: {} },
    etag: '"1"',
  };
}

/** Whether enums are requested as numbers, as Google's clients do. */
export function byNumber(request: LocalRequest): boolean {
  return (request.url.searchParams.get('$alt') ?? '').includes('enum-encoding=int');
}

/** One page of the items, by `pageSize` and `pageToken` of the URL. */
export function pageOf<Item>(
  all: readonly Item[],
  url: URL,
  pageSize: number,
): { items: readonly Item[]; next: string } {
  const size = Math.min(Number(url.searchParams.get('pageSize') ?? pageSize) || pageSize, pageSize);
  const from = Number(url.searchParams.get('pageToken') ?? 0);
  return { items: all.slice(from, from + size), next: from + size < all.length ? String(from + size) : '' };
}

/** An error in the format of Google's REST APIs. */
export function refuse(code: number, status: string, message: string): LocalReply {
  return jsonReply(code, { error: { code, message, status } });
}

/** The body as JSON; undefined if it is not JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
