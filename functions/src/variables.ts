/**
 * The variables of a process. Invalid ones are reported and replaced by a valid value, so that all problems are found
 * at once.
 */
export interface Variables {
  /** The value of a variable, trimmed; undefined if it is empty. */
  text(name: string): string | undefined;
  /** `problem` is a whole sentence. */
  report(problem: string): void;
  /** All reported problems, in order. */
  problems(): readonly string[];
}

/** The range and default of a number. */
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

/** A URL, as written. */
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

/** A number within inclusive bounds. */
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
      report(`${name} contains "${entry}"; write host:port, like 127.0.0.1:4400.`);
    }
  }
  return hostPorts;
}

const THIS_MACHINE = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The address in the variable `name`, if it is on this machine: a replacement of a Google service is trusted without
 * credentials.
 */
export function onThisMachine(name: string, address: string | undefined, { report }: Variables): URL | undefined {
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  if (url?.protocol === 'http:' && THIS_MACHINE.has(url.hostname) && url.port !== '') return url;
  report(`${name} must name a server on this machine, like 127.0.0.1:8085. It is for tests; do not set it elsewhere.`);
  return undefined;
}
