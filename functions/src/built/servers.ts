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

/** The secrets of the other sides, and of ours. */
export const KEYS = {
  CRON_SECRET: 'cron-secret-of-the-wire',
  MAILJET_API_KEY: 'mailjet-key-of-the-wire',
  MAILJET_API_SECRET: 'mailjet-secret-of-the-wire',
  ANTHROPIC_API_KEY: 'anthropic-key-of-the-wire',
  PARTNER_TOKEN: 'partner-token-of-the-environment',
} as const;

/** The token that lies in Secret Manager under the same name. */
export const STORED_TOKEN = 'partner-token-of-secret-manager';
/** The project of all services of Google. */
export const PROJECT_ID = 'demo-playbooks';
/** Whose Google-signed tokens open. */
export const SCHEDULER = { audience: 'https://playbooks.example.com', email: 'scheduler@demo.iam.gserviceaccount.com' };
/** What Google signs its tokens with, as far as the function knows. */
export const GOOGLE_KEY = { id: 'key-of-today', ...selfSignedCertificate() };

/** The other side of every adapter that has one over HTTP. */
export interface WireServers {
  readonly mailjet: MailjetServer;
  readonly slack: SlackServer;
  readonly claude: ClaudeServer;
  readonly secretManager: SecretManagerServer;
  readonly accounts: IdentityToolkitServer;
  /** An API that a playbook calls: answers `/silent` never, everything else with JSON. */
  readonly api: LocalServer;
  /** The same through TLS. */
  readonly secureApi: LocalServer;
  readonly certificates: LocalServer;
  /** What a process must be told to find them all. Secrets are not in it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts them all. */
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
