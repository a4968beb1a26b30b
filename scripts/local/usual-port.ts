import { freePort } from '../processes/free-port.ts';
import type { Terminal } from '../terminal/terminal.ts';

const USUAL_PORTS = { demo: 4400, runner: 4500, console: 4600 } as const;

/**
 * The port at which people expect a server of `npm start`, or any other where that is taken. `PLAYBOOK_LOCAL_PORTS=any` has
 * several that start in the same moment not want the same port.
 */
export function usualPort(server: keyof typeof USUAL_PORTS, env: Terminal['env']): Promise<number> {
  return freePort(env['PLAYBOOK_LOCAL_PORTS'] === 'any' ? 0 : USUAL_PORTS[server]);
}
