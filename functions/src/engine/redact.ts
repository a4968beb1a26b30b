import type { Json } from './json.ts';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Removes secrets before anything is recorded or handed on. */
export interface Redact {
  text(text: string): string;
  /** Secrets everywhere inside, by value. */
  values(value: Json): Json;
  /** The same, and also the values of fields whose name says that they are secret: for what is recorded or handed on. */
  json(value: Json): Json;
}

/** Shorter values would be found in innocent text, and no real secret is that short. */
const MIN_SECRET_LENGTH = 6;

const SECRET_FIELD =
  /^(authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|x[-_]([a-z]+[-_])*(api[-_]?key|token|secret)|password|passwd|secret|client[-_]?secret|private[-_]?key|token|(access|refresh|id|auth|bearer)[-_]?token)$/i;

/** Whether a field of this name holds a secret, by its name. */
export function isSecretName(name: string): boolean {
  return SECRET_FIELD.test(name);
}

/**
 * Redacts by value (as it is, as hexadecimal, URL-encoded or JSON-escaped text, and as base64, also inside of that of
 * `user:secret`) every secret that `known` names at the time of the call, and by name whatever looks like a credential.
 */
export function redactor(known: () => readonly string[]): Redact {
  let formsOfCount = -1;
  let forms: readonly string[] = [];

  function currentForms(): readonly string[] {
    const secrets = known();
    if (secrets.length !== formsOfCount) {
      forms = [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH).flatMap(formsOf))].toSorted(
        (a, b) => b.length - a.length,
      );
      formsOfCount = secrets.length;
    }
    return forms;
  }

  function text(value: string): string {
    if (value.length < MIN_SECRET_LENGTH) return value;
    return currentForms().reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, REDACTED) : rest), value);
  }

  function inside(value: Json, field: (name: string, item: Json) => Json): Json {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((item: Json) => inside(item, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [text(name), field(name, item)]));
  }

  function values(value: Json): Json {
    return inside(value, (_, item) => values(item));
  }

  function json(value: Json): Json {
    return inside(value, (name, item) => (isSecretName(name) ? hidden(item) : json(item)));
  }

  return { text, values, json };
}

/** Every text of a field with a telling name; numbers and truth values tell nothing. */
function hidden(value: Json): Json {
  if (typeof value === 'string') return value === '' ? value : REDACTED;
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hidden(item)]));
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    ...secretPartOf(secret),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    ...[0, 1, 2].flatMap((offset) => base64Inside(secret, offset)),
    Buffer.from(secret).toString('hex'),
    encoded,
    encoded.replace(/%../g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
  ];
}

/** An address that is a secret is one because of what follows its host, and servers repeat just that. */
function secretPartOf(secret: string): readonly string[] {
  const path = /^https?:\/\/[^/]+(\/.+)$/.exec(secret)?.[1] ?? '';
  return path.length > MIN_SECRET_LENGTH ? [path] : [];
}

/** What base64 makes of the secret when `offset` bytes, and any multiple of three, stand before it: all but its edges. */
function base64Inside(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const edges = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
  return [bytes.toString('base64').slice(...edges), bytes.toString('base64url').slice(...edges)];
}
