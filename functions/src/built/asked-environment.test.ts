import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startLocalServer } from '#testing/servers/local-server.ts';
import { selfSignedCertificate } from '#testing/servers/self-signed-certificate.ts';
import { startSlackServer } from '#testing/servers/slack-server.ts';
import { startRefusingProxy, tunnelTo } from '#testing/servers/tunnel-server.ts';
import { runScript, type ProcessEnv } from './built-product.ts';

const TAKE = `import { takeEnvironment } from './functions/src/asked-environment.ts';`;

/** Runs code in plain Node that has taken its environment as `env`. */
async function afterTaking(code: string, env: ProcessEnv): Promise<string> {
  const { output } = await runScript(
    ['--input-type=module', '-e', `${TAKE} const env = takeEnvironment(); ${code}`],
    env,
  );
  return output.trim();
}

const NAMES = `console.log(JSON.stringify([Object.keys(process.env), env['GOOGLE_ADS_TOKEN']]))`;

describe('the environment of a process', () => {
  test('is complete for code that reads it by name, and contains only intended values for SDKs', async () => {
    const meant = { GOOGLE_CLOUD_PROJECT: 'ours', ANTHROPIC_BASE_URL: 'http://x', FIRESTORE_EMULATOR_HOST: 'h:1' };
    const others = { GOOGLE_ADS_TOKEN: 'a secret of a playbook', ANTHROPIC_A_NEW_NAME: 'x', FIREBASE_CONFIG: '{}' };

    const [left, secret]: [readonly string[], string] = JSON.parse(await afterTaking(NAMES, { ...meant, ...others }));

    expect(left).toEqual(expect.arrayContaining(Object.keys(meant)));
    expect(left.filter((name) => Object.hasOwn(others, name))).toEqual([]);
    expect(secret).toBe('a secret of a playbook');
  });

  test('keeps variables that concern no SDK', async () => {
    const ours = {
      CRON_SECRET: 'x',
      PLAYBOOK_DATABASE: 'firestore',
      K_SERVICE: 'x',
      TZ: 'UTC',
      NODE_EXTRA_CA_CERTS: '',
    };

    const [left]: [readonly string[]] = JSON.parse(await afterTaking(NAMES, ours));

    expect(left).toEqual(expect.arrayContaining(Object.keys(ours)));
  });
});

describe('a proxy', () => {
  const OK = { kind: 'reply', status: 200, body: 'ok' } as const;
  const post = (url: string): string =>
    `const { slackPoster } = await import('./functions/src/adapters/slack/chat-poster.ts');
     const posted = slackPoster({ webhookUrl: '${url}' }).post({ text: 'Hi', blocks: [] }, new AbortController().signal);
     console.log(await posted.then(() => 'posted', (error) => error.code + ': ' + error.message));`;

  test('that PLAYBOOK_PROXY names is used, and not for this machine', async () => {
    const certificate = selfSignedCertificate('slack.invalid');
    const [far, near] = await Promise.all([startLocalServer(() => OK, certificate), startSlackServer()]);
    const proxy = await tunnelTo(far);
    const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
    writeFileSync(join(folder, 'authority.pem'), certificate.cert);
    const env = {
      PLAYBOOK_PROXY: proxy.url,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
    };

    const printed = [
      await afterTaking(post('https://slack.invalid/x'), env),
      await afterTaking(post(near.webhookUrl), env),
    ];

    await Promise.all([far.close(), near.close(), proxy.close()]);
    rmSync(folder, { recursive: true });
    expect(printed).toEqual(['posted', 'posted']);
    expect(proxy.tunnels).toEqual(['slack.invalid:443']);
  });

  test('that refuses connections is an outage, reported with its answer', async () => {
    const proxy = await startRefusingProxy();

    const printed = await afterTaking(post('https://slack.invalid/x'), { PLAYBOOK_PROXY: proxy.url });

    await proxy.close();
    expect(printed).toMatch(/^unavailable: Slack could not be reached: UND_ERR_ABORTED/);
  });

  test('with an invalid address ends the process and says what to write', async () => {
    expect(await afterTaking('', { PLAYBOOK_PROXY: 'proxy:3128' })).toContain('PLAYBOOK_PROXY is not a valid address');
  });
});
