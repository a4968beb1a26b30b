import { escapedFinder } from './find-escaped.ts';
import { literalFinder } from './find-literal.ts';
import type { Json } from '../json.ts';
import { formsOf } from './secret-forms.ts';
import { replaceRanges } from './text-range.ts';

/** Replaces a secret. */
export const REDACTED = '[redacted]';

/** The length of the shortest form searched for. */
const SHORTEST_TEXT = 6;

/** Removes secrets before anything is recorded or passed on. */
export interface Redact {
  text(text: string): string;
  /** Redacts secrets by value, everywhere inside. */
  values(value: Json): Json;
  /** The same, and also redacts fields with a secret name: for everything that is recorded or passed on. */
  json(value: Json): Json;
}

const SECRET_FIELD =
  /^(authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|x[-_]([a-z]+[-_])*(api[-_]?key|token|secret)|password|passwd|secret|client[-_]?secret|private[-_]?key|token|(access|refresh|id|auth|bearer)[-_]?token)$/i;

/** Whether a field contains a secret, judging by its name. */
export function isSecretName(name: string): boolean {
  return SECRET_FIELD.test(name);
}

/**
 * Redacts fields by name that look like credentials, and by value every secret that `known` returns at the time of the
 * call: plain, in base64 (also within that of `user:secret`), in hexadecimal, and with any of its characters escaped as
 * in URLs, HTML, JSON and programs, up to three times over. Secrets of fewer than six characters are not searched for.
 */
export function redactor(known: () => readonly string[]): Redact {
  let redaction = redactionOf([]);

  /** Secrets are added, and replaced when they are rotated. */
  function current(): Redaction {
    const secrets = known();
    const isSame =
      secrets.length === redaction.secrets.length && secrets.every((secret, at) => secret === redaction.secrets[at]);
    if (!isSame) redaction = redactionOf([...secrets]);
    return redaction;
  }

  return {
    text: (text) => current().text(text),
    values: (value) => redactJson(value, current(), false),
    json: (value) => redactJson(value, current(), true),
  };
}

/** Redaction for a certain set of secrets. */
interface Redaction {
  readonly secrets: readonly string[];
  readonly text: (text: string) => string;
  readonly isNumber: (number: number) => boolean;
}

function redactionOf(secrets: readonly string[]): Redaction {
  const forms = secrets.map(formsOf);
  const escapable = [...new Set(forms.flatMap((form) => form.escapable))];
  const findLiteral = literalFinder([...escapable, ...new Set(forms.flatMap((form) => form.hex))]);
  const findEscaped = escapedFinder(escapable);
  const numbers = new Set(secrets.filter((secret) => secret.length >= SHORTEST_TEXT).map(Number));
  numbers.delete(Number.NaN);
  return {
    secrets,
    text(text) {
      if (text.length < SHORTEST_TEXT || escapable.length === 0) return text;
      const found = [...findLiteral(text), ...findEscaped(text)];
      return found.length === 0 ? text : replaceRanges(text, found, REDACTED);
    },
    isNumber: (number) => numbers.size > 0 && numbers.has(number),
  };
}

/** With `byName`, fields with a secret name are hidden, including everything inside. */
function redactJson(value: Json, redaction: Redaction, byName: boolean, isHidden = false): Json {
  if (typeof value === 'string') return isHidden && value !== '' ? REDACTED : redaction.text(value);
  if (typeof value === 'number') return redaction.isNumber(value) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, redaction, byName, isHidden));
  if (typeof value !== 'object' || value === null) return value;
  const taken = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      distinctName(redaction.text(name), taken),
      redactJson(item, redaction, byName, isHidden || (byName && isSecretName(name))),
    ]),
  );
}

/** Two names that were secrets may be the same once redacted; neither may overwrite the other. */
function distinctName(name: string, taken: Set<string>): string {
  let distinct = name;
  for (let count = 2; taken.has(distinct); count += 1) distinct = `${name} (${count})`;
  taken.add(distinct);
  return distinct;
}
