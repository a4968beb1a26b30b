import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClaudeServer, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { startIdentityToolkitServer, type IdentityToolkitServer } from '#testing/servers/identity-toolkit-server.ts';
import { jsonReply, startLocalServer, type LocalServer } from '#testing/servers/local-server.ts';
import { startMailjetServer, type MailjetServer } from '#testing/servers/mailjet-server.ts';
import { startSecretManagerServer, type SecretManagerServer } from '#testing/servers/secret-manager-server.ts';
import { selfSignedCertificate } from '#testing/servers/self-signed-certificate.ts';
import { startSlackServer, type SlackServer } from '#testing/servers/slack-server.ts';

/** The secrets of the other sides, and our own. */
export const KEYS = {
  CRON_SECRET: 'cron-secret-of-the-wire',
  MAILJET_API_KEY: 'mailjet-key-of-the-wire',
  MAILJET_API_SECRET: 'mailjet-secret-of-the-wire',
  ANTHROPIC_API_KEY: 'anthropic-key-of-the-wire',
  PARTNER_TOKEN: 'partner-token-of-the-environment',
} as const;

/** The token in Secret Manager under the same name. */
export const STORED_TOKEN = 'partner-token-of-secret-manager';
/** The project of all Google services. */
export const PROJECT_ID = 'demo-playbooks';
/** The audience and account of accepted Google-signed tokens. */
export const SCHEDULER = { audience: 'https://playbooks.example.com', email: 'scheduler@demo.iam.gserviceaccount.com' };
/** The key that the function takes for Google's signing key. */
export const GOOGLE_KEY = { id: 'key-of-today', ...selfSignedCertificate() };

/** The servers for all adapters that use HTTP. */
export interface WireServers {
  readonly mailjet: MailjetServer;
  readonly slack: SlackServer;
  readonly claude: ClaudeServer;
  readonly secretManager: SecretManagerServer;
  readonly accounts: IdentityToolkitServer;
  /** An API that a playbook calls: never answers `/silent`, answers everything else with JSON. */
  readonly api: LocalServer;
  /** The same over TLS. */
  readonly secureApi: LocalServer;
  readonly certificates: LocalServer;
  /** The variables that a process needs to find them all, without secrets. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts all servers. */
export async function startWireServers(): Promise<WireServers> {
  const certificate = selfSignedCertificate();
  const folder = mkdtempSync(join(tmpdir(), 'built-'));
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, certificate.cert);
  const { MAILJET_API_KEY: apiKey, MAILJET_API_SECRET: apiSecret, ANTHROPIC_API_KEY } = KEYS;
  const [mailjet, slack, claude, secretManager, accounts, api, secureApi, certificates] = await Promise.all([
    startMailjetServer({ apiKey, apiSecret }),
    startSlackServer(),
    startClaudeServer({ apiKey: ANTHROPIC_API_KEY }),
    startSecretManagerServer(),
    startIdentityToolkitServer(),
    startLocalServer(answerOfApi),
    startLocalServer(answerOfApi, certificate),
    startLocalServer(() => jsonReply(200, { [GOOGLE_KEY.id]: GOOGLE_KEY.cert })),
  ]);
  const version = { number: 1, data: Buffer.from(STORED_TOKEN), state: 'ENABLED' } as const;
  for (const name of ['PARTNER_TOKEN', 'LATE_TOKEN']) {
    secretManager.secrets.set(`projects/${PROJECT_ID}/secrets/${name}`, { labels: {}, versions: [version] });
  }
  const servers = { mailjet, slack, claude, secretManager, accounts, api, secureApi, certificates };
  return {
    ...servers,
    env: {
      MAILJET_BASE_URL: mailjet.url,
      ANTHROPIC_BASE_URL: claude.url,
      HTTP_ALLOW_PRIVATE: [api.url, secureApi.url, 'http://127.0.0.1:1'].map((url) => new URL(url).host).join(),
      NODE_EXTRA_CA_CERTS: authority,
      CRON_OIDC_AUDIENCE: SCHEDULER.audience,
      CRON_OIDC_EMAIL: SCHEDULER.email,
      CRON_OIDC_CERTIFICATES_URL: `${certificates.url}/certs`,
    },
    async close() {
      await Promise.all(Object.values(servers).map((server) => server.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

function answerOfApi({ url }: { readonly url: URL }) {
  return url.pathname === '/silent' ? ({ kind: 'hang' } as const) : jsonReply(200, { path: url.pathname });
}
