import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guardedHttp } from '#adapters/http/guarded-http.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { demoIntegrations, demoSecrets } from '#tools/integrations/demo-integrations.ts';
import type { Json } from '#core/json.ts';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { projectIntegrations, toolContext } from '#testing/builders/tool-context.ts';
import { checkIntegrations } from '#tools/integrations/check-integrations.ts';
import { getSystemHealth } from '#tools/operations/get-system-health.ts';
import { resetIntegrations, statesFile, switchIntegration } from './integration-states.ts';
import { startIntegrationsServer, type IntegrationsServer } from './integrations-server.ts';

describe('the demo integrations', () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'demo-integrations-'));
  const documents = sqliteDocuments({ file: ':memory:' });
  let server: IntegrationsServer;

  beforeAll(async () => {
    server = await startIntegrationsServer(projectIntegrations, { dataDirectory, port: 0 });
  });
  afterAll(async () => {
    await server.close();
    rmSync(dataDirectory, { recursive: true });
  });
  beforeEach(() => resetIntegrations(dataDirectory));

  async function check(input: object = {}): Promise<Json> {
    return checkIntegrations.call(input, context());
  }

  function context() {
    const { integrations } = demoIntegrations(projectIntegrations, `${server.url}/`);
    const http = guardedHttp({ allowPrivate: [server.hostPort] });
    // A real secret of the same name exists, and must not be sent.
    const secrets = demoSecrets(secretsOf({ HUBSPOT_TOKEN: 'canary-real-token' }));
    return toolContext({ documents, http, secrets, integrations });
  }

  test('are all online', async () => {
    expect(await check()).toMatchObject({ checked: 10, allOnline: true, offline: [], unconfigured: [] });
    expect(await getSystemHealth.call({}, context())).toMatchObject({ checked: 5, allOnline: true });
  });

  test('go offline one by one when switched off, even while the server runs', async () => {
    switchIntegration(dataDirectory, 'gmail', 'off');
    expect(await check()).toMatchObject({
      offline: [{ id: 'gmail', name: 'Gmail', error: expect.stringContaining('503') }],
      allOnline: false,
    });
    switchIntegration(dataDirectory, 'gmail', 'on');
    expect(await check({ groups: ['Google Workspace'] })).toMatchObject({ offline: [] });
  });

  test('are too slow when switched to slow', async () => {
    switchIntegration(dataDirectory, 'hubspot', 'slow');
    expect(await check({ groups: ['CRM'] })).toMatchObject({ degraded: [{ id: 'hubspot', band: 'alert' }] });
  });

  test('refuse callers without the demo credentials', async () => {
    const integrations = projectIntegrations.integrations.map((one) => ({
      ...one,
      url: `${server.url}/integrations/${one.id}`,
    }));
    const http = guardedHttp({ allowPrivate: [server.hostPort] });
    const secrets = secretsOf({ HUBSPOT_TOKEN: 'wrong' });
    const output = await checkIntegrations.call(
      { groups: ['CRM'] },
      toolContext({ documents, http, secrets, integrations }),
    );
    expect(output).toMatchObject({ offline: [{ id: 'hubspot', error: expect.stringContaining('401') }] });
  });

  test('work even if the file of their states is damaged', async () => {
    writeFileSync(statesFile(dataDirectory), '{"gmail": ');
    expect(await check({ groups: ['CRM'] })).toMatchObject({ allOnline: true });
  });

  test('exist only under their ids', async () => {
    for (const path of ['/', '/integrations/unknown', '/integrations/gmail/x', '/integrations/__proto__']) {
      expect((await fetch(`${server.url}${path}`)).status).toBe(404);
    }
  });
});
