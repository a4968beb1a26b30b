import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCloudSchedulerServer } from '#testing/servers/cloud-scheduler-server.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { startIdentityToolkitServer } from '#testing/servers/identity-toolkit-server.ts';
import { startSecretManagerServer } from '#testing/servers/secret-manager-server.ts';
import { startTcpProxy, type TcpProxy } from '#testing/servers/tcp-proxy.ts';
import { cloudScheduler } from './cloud-scheduler/jobs.ts';
import { firebaseIdentity } from './firebase-auth/identity.ts';
import { secretManagerVersions } from './secret-manager/secret-versions.ts';
import { secretManagerSecrets } from './secret-manager/secrets.ts';

const timeoutMs = 700;

/** One of Google's services behind a bad network, and a call of it that goes over the network each time. */
interface Reached {
  call(): Promise<unknown>;
  close(): Promise<unknown>;
  /** Node itself keeps connections for 5 s, and each that died meanwhile costs a call. */
  readonly keepsConnections?: boolean;
}

type Service = { readonly host: string; readonly port: number; close(): Promise<void> };

const SERVICES: readonly (readonly [string, () => Promise<Service>, (proxy: TcpProxy) => Reached])[] = [
  [
    'the secrets of Secret Manager',
    startSecretManagerServer,
    (local) => {
      const clock = fakeClock();
      const secrets = secretManagerSecrets({ projectId: 'shop', env: {}, clock, timeoutMs, local });
      let names = 0;
      return { call: () => secrets.get(`SECRET_${(names += 1)}`), close: async () => undefined };
    },
  ],
  [
    'the versions of Secret Manager',
    startSecretManagerServer,
    (local) => {
      const versions = secretManagerVersions({ projectId: 'shop', timeoutMs, local });
      return { call: () => versions.latest('SECRET'), close: () => versions.close() };
    },
  ],
  [
    'Cloud Scheduler',
    () => startCloudSchedulerServer({ pageSize: 2 }),
    (local) => {
      const scheduler = cloudScheduler({ projectId: 'shop', location: 'us-central1', timeoutMs, local });
      return { call: () => scheduler.get('nobody'), close: () => scheduler.close() };
    },
  ],
  [
    'Firebase Authentication',
    startIdentityToolkitServer,
    ({ host, port }) => {
      const emulatorHost = `${host}:${port}`;
      process.env['FIREBASE_AUTH_EMULATOR_HOST'] = emulatorHost;
      const identity = firebaseIdentity({ projectId: 'demo-playbooks', apiKey: undefined, emulatorHost, timeoutMs });
      return {
        call: () => identity.findAccount('nobody@example.com'),
        close: () => identity.close(),
        keepsConnections: true,
      };
    },
  ],
];

describe.each(SERVICES)('%s', (_name, start, reach) => {
  let service: Service;
  let proxy: TcpProxy;
  let reached: Reached;

  beforeEach(async () => {
    service = await start();
    proxy = await startTcpProxy(service);
    reached = reach(proxy);
    await reached.call();
  });
  afterEach(async () => {
    proxy.become('pass');
    await reached.close();
    await proxy.close();
    await service.close();
    delete process.env['FIREBASE_AUTH_EMULATOR_HOST'];
  });

  test('loses one call at most to a connection that died silently', async () => {
    if (reached.keepsConnections !== true) await Promise.all([reached.call(), reached.call(), reached.call()]);
    proxy.become('swallow-old');
    await reached.call().catch(() => undefined);
    expect(await reached.call()).toBeUndefined();
  });

  test('is unavailable within the limit while nothing is answered, and answers as soon as something is', async () => {
    proxy.become('swallow');
    const startMs = performance.now();
    await expect(reached.call()).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - startMs).toBeLessThan(timeoutMs + 500);
    proxy.become('pass');
    expect(await reached.call()).toBeUndefined();
  });
});
