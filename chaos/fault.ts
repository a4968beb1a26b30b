/** What goes wrong in one case. Points are counted from 1, as an undisturbed delivery passes them. */
export type Fault =
  | { readonly kind: 'kill'; readonly at: number }
  | { readonly kind: 'kill-in-call'; readonly call: number }
  | { readonly kind: 'kill-later'; readonly afterMs: number }
  /** The runner that takes over is killed as well, at a point of its own delivery. */
  | { readonly kind: 'kill-twice'; readonly at: number; readonly again: number }
  /** The runner stops, another one takes over, and the first one goes on. */
  | { readonly kind: 'freeze'; readonly at: number }
  /** The slot is delivered so often, some at the same moment, together with older slots, to two runners. */
  | { readonly kind: 'deliveries'; readonly gapsMs: readonly number[]; readonly slots: readonly number[] }
  | { readonly kind: 'network'; readonly how: NetworkFault; readonly transport: Transport; readonly call: number }
  | { readonly kind: 'outage'; readonly forMs: number; readonly call: number }
  | { readonly kind: 'hung'; readonly dependency: number }
  /** The clocks of the runner that is killed, and of the one that takes over. */
  | { readonly kind: 'clocks'; readonly shiftsMs: readonly [first: number, second: number]; readonly at: number };

/** What a bad network does: resets, delays, swallows for ever, and loses the answers to what has arrived. */
export type NetworkFault = (typeof NETWORK_FAULTS)[number];
/** How a runner speaks with Firestore. */
export type Transport = (typeof TRANSPORTS)[number];

/** The groups of cases, by the names in `--only`. */
export const SCENARIOS = [
  'boundary-kills',
  'random-kills',
  'second-kills',
  'freezes',
  'deliveries',
  'network',
  'outages',
  'hung',
  'clocks',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const NETWORK_FAULTS = ['refuse', 'delay', 'swallow-old', 'lose-replies'] as const;
export const TRANSPORTS = ['gRPC', 'REST'] as const;

/** A fault as one short phrase. */
export function faultInWords(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill at point ${fault.at}`;
    case 'kill-in-call':
      return `kill during outside call ${fault.call}`;
    case 'kill-later':
      return `kill after ${fault.afterMs} ms`;
    case 'kill-twice':
      return `kill at point ${fault.at}, and the next runner at its point ${fault.again}`;
    case 'freeze':
      return `freeze at point ${fault.at}`;
    case 'deliveries':
      return `${fault.slots.length} deliveries of slots ${fault.slots.join(', ')}`;
    case 'network':
      return `${fault.how} over ${fault.transport} from outside call ${fault.call}`;
    case 'outage':
      return `no database for ${fault.forMs} ms from outside call ${fault.call}`;
    case 'hung':
      return `dependency ${fault.dependency} never answers`;
    case 'clocks':
      return `clocks off by ${fault.shiftsMs.join(' and ')} ms, kill at point ${fault.at}`;
  }
}
