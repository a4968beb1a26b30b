import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ModelRequest } from '#ports/language-model.ts';
import { jsonReply, startLocalServer, type LocalServer } from '#testing/servers/local-server.ts';
import { selfSignedCertificate } from '#testing/servers/self-signed-certificate.ts';
import { anthropicModel } from './language-model.ts';

const MODULE = fileURLToPath(new URL('./language-model.ts', import.meta.url));
const message = {
  type: 'message',
  model: 'claude-sonnet-5-5',
  content: [{ type: 'text', text: 'Hi.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};

const asked: Readonly<Record<string, string>>[] = [];
const stolen: string[] = [];
let claude: LocalServer;
let thief: LocalServer;
let home: string;

beforeAll(async () => {
  claude = await startLocalServer(({ headers }) => {
    asked.push(headers);
    return jsonReply(200, message);
  });
  thief = await startLocalServer(({ url }) => {
    stolen.push(url.href);
    return jsonReply(200, { ...message, content: [{ type: 'text', text: 'Stolen.' }], access_token: 'stolen' });
  });
  home = await mkdtemp(join(tmpdir(), 'hostile-'));
  const profile = {
    base_url: thief.url,
    authentication: { type: 'user_oauth', access_token: 'stolen', client_id: 'x' },
  };
  await mkdir(join(home, 'configs'));
  await writeFile(join(home, 'configs', 'default.json'), JSON.stringify(profile));
  await writeFile(join(home, 'configs', 'thief.json'), JSON.stringify(profile));
  await writeFile(join(home, 'active_config'), 'thief');
});
beforeEach(() => {
  asked.length = 0;
  stolen.length = 0;
});
afterAll(async () => {
  await claude.close();
  await thief.close();
  await rm(home, { recursive: true });
});

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: '',
  tools: [],
  maxTokens: 100,
  timeoutMs: 5_000,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  signal: new AbortController().signal,
};

/** Asks Claude once while these variables are set, and gives the content of the answer. */
async function askWith(variables: Readonly<Record<string, string>>): Promise<unknown> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    const { content } = await anthropicModel({ apiKey: 'our-key', baseUrl: claude.url }).complete(request);
    expect(process.env).toMatchObject(variables);
    return content;
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Asks Claude once in a Node process of its own, for what Node reads when it starts; tells what came of it. */
async function askInChild(environment: Readonly<Record<string, string>>, url: string, before = ''): Promise<string> {
  const script = `
    ${before}
    const { anthropicModel } = await import(${JSON.stringify(MODULE)});
    const request = { ...${JSON.stringify(request)}, signal: new AbortController().signal };
    const asked = anthropicModel({ apiKey: 'our-key', baseUrl: ${JSON.stringify(url)} }).complete(request);
    console.log(await asked.then(({ content }) => content[0].text, (error) => error.code + ': ' + error.message));`;
  const env = { PATH: process.env['PATH'], ...environment };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env,
  });
  return `${stdout}${stderr}`.trim();
}

const OUR_HEADERS = {
  authorization: 'Bearer our-key',
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
};

describe('a machine whose environment is hostile decides nothing:', () => {
  const variables: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
    [
      'another key in the headers',
      () => ({ ANTHROPIC_CUSTOM_HEADERS: 'Authorization: Bearer other\nX-Api-Key: other' }),
    ],
    [
      'foreign headers',
      () => ({ ANTHROPIC_CUSTOM_HEADERS: 'x-extra: leaked\nanthropic-version: 2020-01-01\naccept: text/html' }),
    ],
    ['headers that no header may be', () => ({ ANTHROPIC_CUSTOM_HEADERS: 'not a header: x' })],
    ['another token', () => ({ ANTHROPIC_AUTH_TOKEN: 'other' })],
    ['another key', () => ({ ANTHROPIC_API_KEY: 'other' })],
    ['another address', () => ({ ANTHROPIC_BASE_URL: thief.url })],
    ['a log that tells all', () => ({ ANTHROPIC_LOG: 'debug' })],
    [
      'a profile',
      () => ({ ANTHROPIC_PROFILE: 'thief', ANTHROPIC_CONFIG_DIR: home, HOME: home, XDG_CONFIG_HOME: home }),
    ],
    [
      'an identity of a federation',
      () => ({
        ANTHROPIC_IDENTITY_TOKEN: 'stolen',
        ANTHROPIC_FEDERATION_RULE_ID: 'rule',
        ANTHROPIC_ORGANIZATION_ID: 'org',
        ANTHROPIC_SERVICE_ACCOUNT_ID: 'account',
      }),
    ],
    [
      'traces with the prompts',
      () => ({ ANTHROPIC_OPEN_TELEMETRY: 'true', ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: 'content' }),
    ],
  ];

  test.each(variables)('%s', async (_, variablesOf) => {
    const answers = [await askWith({}), await askWith(variablesOf())];
    expect(answers).toMatchObject([[{ text: 'Hi.' }], [{ text: 'Hi.' }]]);
    const [plain, hostile] = asked;
    expect(hostile).toEqual(plain);
    expect(hostile).toMatchObject(OUR_HEADERS);
    expect(Object.keys(hostile ?? {}).filter((name) => !isUsual(name))).toEqual([]);
    expect(stolen).toEqual([]);
  });

  test('a proxy, which everything else here would use', { timeout: 60_000 }, async () => {
    const proxied: string[] = [];
    const proxy = createServer((incoming, response) => {
      proxied.push(incoming.url ?? '');
      response.writeHead(403).end();
    });
    proxy.on('connect', (incoming, socket) => {
      proxied.push(incoming.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const address = `http://localhost:${await listening(proxy)}`;
    const variables = { HTTP_PROXY: address, HTTPS_PROXY: address, http_proxy: address, https_proxy: address };
    const { url } = claude;
    const control = `await import('node:http').then(({ get }) => new Promise((done) => get('${url}/control', done).on('error', done)));`;
    expect(await askInChild({ NODE_USE_ENV_PROXY: '1', ...variables }, url, control)).toBe('Hi.');
    proxy.close();
    expect(proxied).toEqual([`${url}/control`]);
    expect(asked).toHaveLength(1);
  });

  test('a switch that trusts every certificate', { timeout: 60_000 }, async () => {
    const server = createTlsServer(selfSignedCertificate(), (_, response) => response.end(JSON.stringify(message)));
    const url = `https://localhost:${await listening(server)}`;
    const answer = await askInChild({ NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }, url);
    server.close();
    expect(answer).toBe('unavailable: Claude could not be reached: DEPTH_ZERO_SELF_SIGNED_CERT.');
  });
});

function isUsual(name: string): boolean {
  const usual = [
    'host',
    'connection',
    'content-length',
    'user-agent',
    'anthropic-version',
    ...Object.keys(OUR_HEADERS),
  ];
  return usual.includes(name) || name.startsWith('x-stainless-');
}

async function listening(server: Server): Promise<number> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
