/**
 * The variables of a process. What is wrong with one is reported, and something that fits stands in for it, so that all
 * problems are found at once.
 */
export interface Variables {
  /** What a variable says, trimmed; undefined where that is nothing. */
  text(name: string): string | undefined;
  /** `problem` is a whole sentence. */
  report(problem: string): void;
  /** All that was reported, in that order. */
  problems(): readonly string[];
}

/** Where a number must lie, and what it is where nothing is said. */
export interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** The variables of `env`, with no problem yet. */
export function variablesOf(env: Readonly<Record<string, string | undefined>>): Variables {
  const problems: string[] = [];
  return {
    text: (name) => env[name]?.trim() || undefined,
    report: (problem) => void problems.push(problem),
    problems: () => problems,
  };
}

/** A URL as it is written. */
export function urlOf(name: string, { text, report }: Variables): string | undefined {
  const value = text(name);
  if (value === undefined || URL.canParse(value)) return value;
  report(`${name} is not a URL; write something like https://api.example.com.`);
  return undefined;
}

/** A number above 0. */
export function positiveOf(name: string, fallback: number, { text, report }: Variables): number {
  const value = text(name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  report(`${name} is "${value}"; write a number above 0.`);
  return fallback;
}

/** A number within bounds, themselves included. */
export function boundedOf(name: string, { fallback, min, max }: Bounds, { text, report }: Variables): number {
  const value = text(name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (Number.isFinite(number) && number >= min && number <= max) return number;
  report(`${name} is "${value}"; write a number from ${min} to ${max}.`);
  return fallback;
}

/** Entries like `127.0.0.1:4400`, separated by commas. */
export function hostPortsOf(name: string, { text, report }: Variables): readonly string[] {
  const entries = (text(name) ?? '').split(',').map((entry) => entry.trim());
  const hostPorts = entries.filter((entry) => entry !== '');
  for (const entry of hostPorts) {
    if (!/^(\[[0-9a-f:.]+\]|[^\s:/@]+):\d{1,5}$/i.test(entry)) {
      report(`${name} holds "${entry}"; write host:port, like 127.0.0.1:4400.`);
    }
  }
  return hostPorts;
}

const THIS_MACHINE = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The address that the variable `name` says, where it is one of this machine: what stands in for a service of Google's is
 * believed without credentials.
 */
export function onThisMachine(name: string, address: string | undefined, { report }: Variables): URL | undefined {
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  if (url?.protocol === 'http:' && THIS_MACHINE.has(url.hostname) && url.port !== '') return url;
  report(`${name} must name a server on this machine, like 127.0.0.1:8085. It is for tests; do not set it elsewhere.`);
  return undefined;
}
