import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PlaybookError } from '#core/failure.ts';
import { networkErrorOf } from '../network-error.ts';

/** All addresses of a host name. Rejects as `node:dns` does. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** A host that may be called, with the addresses to connect to; they are not looked up again. */
export interface Admitted {
  readonly hostname: string;
  readonly addresses: readonly string[];
}

/** Names under which clouds serve credentials to any caller, whatever they resolve to. */
const METADATA_HOSTS = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data']);

/** Azure's host agent and metadata service use an address that looks public. */
const METADATA_ADDRESSES = new Set(['168.63.129.16']);

const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Decides whether a URL may be called: https on port 443 with a public address, or a host listed as `host:port`. Listed
 * hosts may be private, use plain http and any port. Throws `address_blocked`, `input_invalid` (not a URL) and
 * `unavailable` (the name does not resolve).
 */
export async function admit(url: URL, listed: ReadonlySet<string>, lookup: Lookup): Promise<Admitted> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw blocked(url, `only https addresses may be called, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw blocked(url, 'an address must not contain a user name or password; send them in a header');
  }
  const hostname = hostnameOf(url);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const allowed = listed.has(`${url.hostname.replace(/\.$/, '')}:${port}`);
  if (!allowed) refuseUnlisted(url, hostname, port);

  const addresses = isIP(hostname) === 0 ? await resolved(hostname, lookup) : [hostname];
  const forbidden = allowed ? undefined : addresses.find((address) => !isPublic(address));
  if (forbidden !== undefined) {
    throw blocked(url, `it resolves to ${forbidden}, which is not a public address; ${howToList(hostname, port)}`);
  }
  return { hostname, addresses };
}

/** Parses an address. Throws `input_invalid`. */
export function parseUrl(text: string, base?: URL): URL {
  const url = text.length > 8192 ? null : URL.parse(text, base?.href);
  if (url === null) {
    throw new PlaybookError(
      'input_invalid',
      'The address to call is not a URL; write it in full, like https://api.example.com/health.',
    );
  }
  return url;
}

/** Whether an address is on the public internet, in any notation. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || METADATA_ADDRESSES.has(parsed.toString())) return false;
  // Outside 2000::/3 nothing is assigned, but `::7f00:1` (IPv4-compatible) counts as unicast.
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}

function refuseUnlisted(url: URL, hostname: string, port: string): void {
  if (METADATA_HOSTS.has(hostname)) throw blocked(url, 'it serves the credentials of this machine');
  if (url.protocol === 'http:')
    throw blocked(url, `plain http is not secure; use https, or ${howToList(hostname, port)}`);
  if (port !== '443') throw blocked(url, `port ${port} is not 443; ${howToList(hostname, port)}`);
}

async function resolved(hostname: string, lookup: Lookup): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await lookup(hostname);
  } catch (thrown) {
    if (networkErrorOf(thrown) === undefined) throw thrown;
    throw new PlaybookError('unavailable', `The host name ${hostname} could not be resolved.`, { cause: thrown });
  }
  if (addresses.length === 0) throw new PlaybookError('unavailable', `The host name ${hostname} has no address.`);
  return addresses;
}

/** Without the brackets of IPv6 and the dot of the DNS root. */
function hostnameOf(url: URL): string {
  return url.hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

function howToList(hostname: string, port: string): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `to allow it, list ${host}:${port} in HTTP_ALLOW_PRIVATE`;
}

function blocked(url: URL, why: string): PlaybookError {
  return new PlaybookError('address_blocked', `The address ${url.protocol}//${url.host} must not be called: ${why}.`);
}
