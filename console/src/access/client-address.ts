import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where a request says it comes from. */
export interface Hops {
  /** The other end of our connection. */
  readonly socketAddress: string | undefined;
  /** Headers, read only behind Google's proxies: elsewhere anybody may write anything there. */
  readonly forwardedFor: string | undefined;
  readonly appHostingClient: string | undefined;
  readonly behindProxy: boolean;
}

/**
 * Whom to count requests for: an address, or the /64 of an IPv6 address, because a single connection has all of it. App Hosting
 * names the client in a header of its own, over whatever the client wrote there. Else the proxies of Google append the client
 * and then themselves to `X-Forwarded-For`: what stands before that, the client may have written.
 */
export function clientAddress({ socketAddress, forwardedFor, appHostingClient, behindProxy }: Hops): string {
  if (!behindProxy) return networkOf(socketAddress);
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  return networkOf([appHostingClient?.trim(), hops.at(-2), hops.at(-1)].find((address) => isIP(address ?? '') !== 0));
}

function networkOf(address: string | undefined): string {
  if (address === undefined || isIP(address) === 0) return 'unknown';
  const read = ipaddr.process(address.replace(/%.*$/, ''));
  return read.kind() === 'ipv4'
    ? read.toString()
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${read.toString()}/64`).toString()}/64`;
}
