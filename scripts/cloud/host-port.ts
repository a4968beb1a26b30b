import { PlaybookError } from '#core/failure.ts';

/** Where a server listens. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` (`[::1]:8080` for IPv6), the value of the variable `name`. Throws `unconfigured` for anything else. */
export function readHostPort(name: string, value: string): HostPort {
  const [, host, port] = /^([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(value) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  }
  throw new PlaybookError('unconfigured', `${name} must be host:port, like 127.0.0.1:8080, not '${value}'.`);
}
