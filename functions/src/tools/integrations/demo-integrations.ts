import type { Secrets } from '#ports/secrets.ts';
import { filledHeaders, type Integration, type Integrations } from '#language/settings/integrations.ts';

const DEMO_PREFIX = 'DEMO_';

/**
 * The same integrations at the demo company's server (`{demoUrl}/integrations/{id}`). Each secret reference is replaced by one
 * to a made-up credential (`${HUBSPOT_TOKEN}`: `${DEMO_HUBSPOT_TOKEN}`), which `demoSecrets` knows: no real credential ever
 * reaches the demo.
 */
export function demoIntegrations({ integrations }: Integrations, demoUrl: string): Integrations {
  const base = demoUrl.replace(/\/+$/, '');
  return {
    integrations: integrations.map((integration) => ({
      ...integration,
      url: `${base}/integrations/${integration.id}`,
      headers: filledHeaders(integration.headers, (secret) => `\${${DEMO_PREFIX}${secret}}`),
    })),
  };
}

/**
 * The secrets, and a made-up credential for every name that starts with `DEMO_`, unless the environment sets it to an empty
 * text: then it is missing, as a real one might be. Made-up credentials are not secret and are not redacted.
 */
export function demoSecrets(secrets: Secrets, env: Readonly<Record<string, string | undefined>> = {}): Secrets {
  return {
    known: () => secrets.known(),
    async get(name) {
      if (!name.startsWith(DEMO_PREFIX)) return secrets.get(name);
      return env[name] === '' ? undefined : demoCredential(name);
    },
  };
}

/** The headers that the demo company's server expects: `Bearer ${HUBSPOT_TOKEN}` filled in with the made-up credential. */
export function demoHeaders(headers: Integration['headers']): Integration['headers'] {
  return filledHeaders(headers, (secret) => demoCredential(DEMO_PREFIX + secret));
}

function demoCredential(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
