import type { IntegrationsServer } from '../../demo/servers/integrations-server.ts';
import { readConfig } from '#functions/config.ts';
import { projectIdOf } from '../cloud/google-project.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What notifies people outside; the demo company does not unless asked to. */
const CHANNEL_SECRETS = ['MAILJET_API_KEY', 'MAILJET_API_SECRET', 'SLACK_WEBHOOK_URL'];

/** The settings by which the functions, and commands in other terminals, find the database and the demo company. */
export async function localEnvironment(
  demo: Pick<IntegrationsServer, 'url' | 'hostPort'>,
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  const { env } = terminal;
  const allowed = new Set(
    [...(env['HTTP_ALLOW_PRIVATE'] ?? '').split(','), demo.hostPort].filter((entry) => entry !== ''),
  );
  const emulator = env['FIRESTORE_EMULATOR_HOST'];
  const isFirestore = readConfig(env, { callers: false }).database.kind === 'firestore';
  return {
    PLAYBOOK_DATABASE: env['PLAYBOOK_DATABASE'] ?? 'firestore',
    ...(isFirestore ? { GOOGLE_CLOUD_PROJECT: await projectIdOf(undefined, terminal) } : {}),
    ...(isFirestore && emulator ? { FIRESTORE_EMULATOR_HOST: emulator } : {}),
    // Nothing here needs Google credentials, and looking for a metadata server that does not exist takes seconds.
    ...(isFirestore && !emulator ? {} : { METADATA_SERVER_DETECTION: 'none' }),
    PLAYBOOK_DEMO_URL: demo.url,
    HTTP_ALLOW_PRIVATE: [...allowed].join(','),
  };
}

/** An environment without the credentials of the channels. */
export function withoutChannels(env: Terminal['env']): Terminal['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !CHANNEL_SECRETS.includes(name)));
}

/** The channel credentials in the environment, which are unused unless messages are to be delivered. */
export function channelSecretsIn(env: Terminal['env']): readonly string[] {
  return CHANNEL_SECRETS.filter((name) => (env[name] ?? '') !== '');
}
