import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScript } from './built-product.ts';
import { EXCHANGES } from './exchanges.ts';
import { startHostileSurroundings, strangers, type HostileSurroundings } from './hostile-surroundings.ts';
import { openWireWorld } from './wire-world.ts';

let hostile: HostileSurroundings;
let world: Awaited<ReturnType<typeof openWireWorld>>;

beforeAll(async () => {
  hostile = await startHostileSurroundings();
  world = await openWireWorld(hostile.env);
}, 120_000);

afterAll(async () => {
  await world.close();
  await hostile.close();
});

describe('a hostile environment', () => {
  for (const [adapter, exchanges] of Object.entries(EXCHANGES)) {
    for (const { title, run } of exchanges) {
      test(`does not change what the built adapter ${adapter} does: ${title}`, async () => {
        await expect(run(world)).resolves.toBeUndefined();
      }, 30_000);
    }
  }

  test('does not appear in their requests, headers or bodies', () => {
    const { mailjet, slack, claude, secretManager, accounts, api, secureApi, certificates } = world.servers;
    const servers = [mailjet, slack, claude, secretManager, accounts, api, secureApi, certificates];

    expect(servers.every(({ heard }) => heard.length > 0)).toBe(true);
    expect(servers.flatMap(({ heard }) => strangers(heard))).toEqual([]);
  });

  test('receives no connections', () => {
    expect(hostile.visits).toEqual([]);
  });

  test("does not make the log show the SDKs' traffic", () => {
    expect([world.runner.output(), world.guardedRunner.output()].join()).not.toMatch(/authorization|x-goog-api-key/i);
  });

  test("does not set the address of Google's services", async () => {
    const code = `
      import { takeEnvironment } from './functions/src/asked-environment.ts';
      import { googleClientOptions } from './functions/src/adapters/google-client.ts';
      import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
      import { CloudSchedulerClient } from '@google-cloud/scheduler';
      takeEnvironment();
      const options = googleClientOptions('demo', undefined);
      for (const Client of [SecretManagerServiceClient, CloudSchedulerClient]) console.log(new Client(options).apiEndpoint);
    `;

    const { output } = await runScript(['--input-type=module', '-e', code], hostile.env);

    expect(output.trim().split('\n')).toEqual(['secretmanager.googleapis.com', 'cloudscheduler.googleapis.com']);
  }, 30_000);
});
