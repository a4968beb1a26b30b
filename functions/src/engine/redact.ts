import type { Json } from './json.ts';

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
  /^(authorization|proxy-authorization|cookie|set-cookie|(x[-_])?api[-_]?key|x-cron-secret|password|passwd|secret|client[-_]?secret|private[-_]?key|token|(access|refresh|id|auth|bearer)[-_]?token)$/i;

/**
 * Redacts by value (as it is, and as base64, URL-encoded or JSON-escaped text) every secret that `known` names at the
 * time of the call, and by name whatever looks like a credential.
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
    return inside(value, (name, item) =>
      SECRET_FIELD.test(name) && typeof item === 'string' && item !== '' ? REDACTED : json(item),
    );
  }

  return { text, values, json };
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
