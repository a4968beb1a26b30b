import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { startTcpProxy } from '#testing/servers/tcp-proxy.ts';
import { describeHung } from './hung.contract.ts';

describeHung(async () => {
  const database = emulatorProject();
  const [host = '', port = ''] = (database.env['FIRESTORE_EMULATOR_HOST'] ?? '').split(':');
  const proxy = await startTcpProxy({ host, port: Number(port) });
  return {
    ...database,
    env: { ...database.env, FIRESTORE_EMULATOR_HOST: `${proxy.host}:${proxy.port}` },
    newConnectionsWork: true,
    async hang() {
      proxy.become('swallow-old');
    },
    async recover() {
      proxy.become('pass');
    },
    async close() {
      await proxy.close();
      await database.close();
    },
  };
});
