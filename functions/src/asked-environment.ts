import * as http from 'node:http';
import type { Environment } from './config.ts';
import { PlaybookError } from '#core/failure.ts';

/** Variables that SDKs read by themselves, by the beginning or end of their names; proxies in upper and lower case. */
const READ_BY_SDKS =
  /_proxy$|^(anthropic|claude|mj|mailjet|google|gcloud|gcp|gce|cloudsdk|cloud|firebase|__firebase|firestore|grpc|storage|eventarc|data_connect)_/i;

/** Those of them that we support, as documented. */
const MEANT: ReadonlySet<string> = new Set(
  `ANTHROPIC_API_KEY ANTHROPIC_BASE_URL MAILJET_API_KEY MAILJET_API_SECRET MAILJET_BASE_URL
  GOOGLE_CLOUD_PROJECT GCLOUD_PROJECT GOOGLE_APPLICATION_CREDENTIALS CLOUDSDK_CONFIG CLOUD_RUN_JOB
  FIRESTORE_EMULATOR_HOST FIREBASE_AUTH_EMULATOR_HOST CLOUD_SCHEDULER_EMULATOR_HOST
  FIREBASE_WEB_API_KEY FIREBASE_WEBAPP_CONFIG`.split(/\s+/),
);

const NO_PROXY = 'localhost,127.0.0.1,::1';

/**
 * Returns the whole environment of this process, and removes from `process.env` everything that would silently decide
 * where data goes, with whose key and through which proxy (`ANTHROPIC_CUSTOM_HEADERS`, `GOOGLE_CLOUD_UNIVERSE_DOMAIN`,
 * `HTTPS_PROXY` …). A proxy is used only if `PLAYBOOK_PROXY` names one. Call this first, before an SDK is loaded.
 * Throws `unconfigured`.
 */
export function takeEnvironment(): Environment {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (READ_BY_SDKS.test(name) && !MEANT.has(name)) delete process.env[name];
  }
  const proxy = env['PLAYBOOK_PROXY']?.trim() || undefined;
  if (proxy !== undefined) useProxy(proxy);
  else if (nodeWasToldOfProxies(env)) useNone();
  return env;
}

/** Google's clients find it in the environment; `fetch` must be configured. */
function useProxy(proxy: string): void {
  if (!/^https?:$/.test(URL.parse(proxy)?.protocol ?? '')) {
    throw new PlaybookError(
      'unconfigured',
      'PLAYBOOK_PROXY is not a valid address; write one like http://proxy.example.com:3128.',
    );
  }
  Object.assign(process.env, { HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY, no_proxy: NO_PROXY });
  setProxies({ HTTPS_PROXY: proxy, NO_PROXY });
}

/** Node has already read the variables. */
function nodeWasToldOfProxies(env: Environment): boolean {
  const options = `${env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`;
  return (env['NODE_USE_ENV_PROXY'] ?? '') !== '' || options.includes('--use-env-proxy');
}

/** Node has no value for "none", so this sets one that is never used. */
function useNone(): void {
  const nobody = 'http://127.0.0.1:9';
  setProxies({ HTTP_PROXY: nobody, HTTPS_PROXY: nobody, NO_PROXY: '*' });
}

function setProxies(proxies: http.ProxyEnv): void {
  if ('setGlobalProxyFromEnv' in http) return void http.setGlobalProxyFromEnv(proxies);
  throw new PlaybookError(
    'unconfigured',
    'PLAYBOOK_PROXY, NODE_USE_ENV_PROXY and --use-env-proxy need Node 24.14 or newer. Unset them, or upgrade Node.',
  );
}
