import type { Secrets } from '#ports/secrets.ts';

/** Secrets from environment variables only. A blank value counts as missing. */
export function environmentSecrets({ env }: { readonly env: Readonly<Record<string, string | undefined>> }): Secrets {
  const handedOut = new Set<string>();
  return {
    async get(name) {
      const value = env[name]?.trim() ?? '';
      if (value === '') return undefined;
      handedOut.add(value);
      return value;
    },
    known: () => [...handedOut],
  };
}
