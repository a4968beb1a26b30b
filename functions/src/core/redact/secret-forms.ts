/** Shorter values would match innocent text. */
const SHORTEST = 6;

/** Separators between the bytes of a secret in hexadecimal. */
const HEX_SEPARATORS = ['', ' ', ':', '-', ', 0x'] as const;

/** The forms of one secret, apart from the escapes of single characters that `escapedFinder` finds. */
export interface SecretForms {
  /** Plain, base64 and the like: any of their characters may be escaped when they are passed on. */
  readonly escapable: readonly string[];
  /** In hexadecimal, in either case, with and without separators. */
  readonly hex: readonly string[];
}

/** The forms of a secret, longest first; none if the secret is too short to tell apart from innocent text. */
export function formsOf(secret: string): SecretForms {
  if (secret.length < SHORTEST) return { escapable: [], hex: [] };
  return { escapable: distinct([...plainForms(secret), ...base64Forms(secret)]), hex: distinct(hexForms(secret)) };
}

/** As it is, form-encoded (`+` for a space), and the part of a URL after its host, which servers echo. */
function plainForms(secret: string): readonly string[] {
  const path = /^https?:\/\/[^/]+(\/.+)$/.exec(secret)?.[1] ?? '';
  return [secret, secret.replaceAll(' ', '+'), ...(path.length > SHORTEST ? [path] : [])];
}

function base64Forms(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    ...[0, 1, 2].flatMap((offset) => base64Inside(secret, offset)),
  ];
}

/** The base64 of the secret when it follows `offset` bytes, plus any multiple of three: all but its edges. */
function base64Inside(secret: string, offset: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const edges = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
  return [bytes.toString('base64').slice(...edges), bytes.toString('base64url').slice(...edges)];
}

function hexForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret).toString('hex').match(/../g) ?? [];
  return HEX_SEPARATORS.flatMap((separator) => {
    const capitals = bytes.map((byte) => byte.toUpperCase());
    return [bytes.join(separator), capitals.join(separator)];
  });
}

function distinct(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}
