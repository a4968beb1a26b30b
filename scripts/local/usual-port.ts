import { freePort } from '../processes/free-port.ts';
import type { Terminal } from '../terminal/terminal.ts';

const USUAL_PORTS = { demo: 4400, runner: 4500, console: 4600 } as const;

/**
 * The port at which people expect a server of `npm start`, or any other if that one is taken. With
 * `PLAYBOOK_LOCAL_PORTS=any`, several that start at the same moment do not compete for one port.
 */
export function usualPort(server: keyof typeof USUAL_PORTS, env: Terminal['env']): Promise<number> {
  return freePort(env['PLAYBOOK_LOCAL_PORTS'] === 'any' ? 0 : USUAL_PORTS[server]);
}
