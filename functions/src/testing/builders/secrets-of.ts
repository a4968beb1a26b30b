import type { Secrets } from '#ports/secrets.ts';

/** Secrets of a test; those that were read are known. */
export function secretsOf(values: Readonly<Record<string, string>>): Secrets {
  const handedOut = new Set<string>();
  return {
    known: () => [...handedOut],
    async get(name) {
      const value = values[name];
      if (value !== undefined) handedOut.add(value);
      return value;
    },
  };
}
