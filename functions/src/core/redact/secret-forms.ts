/** Shorter values would be found in innocent text. */
const SHORTEST = 6;

/** What stands between the bytes of a secret that is written in hexadecimal. */
const HEX_SEPARATORS = ['', ' ', ':', '-', ', 0x'] as const;

/** How one secret may be written, apart from the escapes of single characters that `findEscaped` knows. */
export interface SecretForms {
  /** As it is, as base64 and the like: whoever passes these on may escape any of their characters. */
  readonly escapable: readonly string[];
  /** In hexadecimal, in capitals or not, with and without separators. */
  readonly hex: readonly string[];
}

/** The forms of a secret, longest first; none of a secret that is too short to be told from innocent text. */
export function formsOf(secret: string): SecretForms {
  if (secret.length < SHORTEST) return { escapable: [], hex: [] };
  return { escapable: distinct([...plainForms(secret), ...base64Forms(secret)]), hex: distinct(hexForms(secret)) };
}

/** As it is, as a form writes it (`+` for a space), and what an address has behind its host: servers repeat just that. */
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

/** What base64 makes of the secret when `offset` bytes, and any multiple of three, stand before it: all but its edges. */
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
