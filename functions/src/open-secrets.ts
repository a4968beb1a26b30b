import { systemClock } from '#adapters/system-clock.ts';
import type { Config, Environment, SecretManagerConfig } from './config.ts';
import { refuseShort } from '#ports/refuse-short.ts';
import { OWN_SECRET_NAMES, type Secrets } from '#ports/secrets.ts';
import { demoSecrets } from '#tools/integrations/demo-integrations.ts';

/** The secrets port according to the configuration. Our own secrets are known from the start. */
export async function openSecrets(config: Config, env: Environment): Promise<Secrets> {
  const secrets = await (config.secretManager === undefined
    ? import('#adapters/environment/secrets.ts').then(({ environmentSecrets }) => environmentSecrets({ env }))
    : openSecretManager(config.secretManager, env));
  const long = refuseShort(secrets);
  return withOwnSecrets(config.demoUrl === undefined ? long : demoSecrets(long, env), env);
}

/** Our own secrets are redacted even before they are first read. */
function withOwnSecrets(secrets: Secrets, env: Environment): Secrets {
  const own = OWN_SECRET_NAMES.map((name) => env[name]?.trim() ?? '').filter((value) => value !== '');
  return { get: (name) => secrets.get(name), known: () => [...own, ...secrets.known()] };
}

async function openSecretManager(manager: SecretManagerConfig, env: Environment): Promise<Secrets> {
  const { secretManagerSecrets } = await import('#adapters/secret-manager/secrets.ts');
  return secretManagerSecrets({ ...manager, env, clock: systemClock });
}
