import { escapedFinder } from './find-escaped.ts';
import { literalFinder } from './find-literal.ts';
import type { Json } from '../json.ts';
import { formsOf } from './secret-forms.ts';
import { replaceRanges } from './text-range.ts';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** The shortest form that is looked for. */
const SHORTEST_TEXT = 6;

/** Removes secrets before anything is recorded or handed on. */
export interface Redact {
  text(text: string): string;
  /** Secrets everywhere inside, by value. */
  values(value: Json): Json;
  /** The same, and also the values of fields whose name says that they are secret: for what is recorded or handed on. */
  json(value: Json): Json;
}

const SECRET_FIELD =
  /^(authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|x[-_]([a-z]+[-_])*(api[-_]?key|token|secret)|password|passwd|secret|client[-_]?secret|private[-_]?key|token|(access|refresh|id|auth|bearer)[-_]?token)$/i;

/** Whether a field of this name holds a secret, by its name. */
export function isSecretName(name: string): boolean {
  return SECRET_FIELD.test(name);
}

/**
 * Redacts by name whatever looks like a credential, and by value every secret that `known` names at the time of the call: as
 * it is, as base64 (also inside of that of `user:secret`), in hexadecimal, and with any of its characters escaped as
 * addresses, HTML, JSON and programs do it, up to three times over. A secret of fewer than six characters is not looked for.
 */
export function redactor(known: () => readonly string[]): Redact {
  let redaction = redactionOf([]);

  /** Secrets come, and go when they are rotated. */
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

/** How a text is redacted of certain secrets. */
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

/** A field of a telling name is hidden when `byName` says so, and then whatever is inside. */
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

/** Two names that were secrets are the same now; neither may push the other out. */
function distinctName(name: string, taken: Set<string>): string {
  let distinct = name;
  for (let count = 2; taken.has(distinct); count += 1) distinct = `${name} (${count})`;
  taken.add(distinct);
  return distinct;
}
