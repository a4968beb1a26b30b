import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { guardedHttp } from '#adapters/http/guarded-http.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { loadIntegrationHealth } from '#records/health/integration-health.ts';
import { jsonReply, startLocalServer } from '#testing/servers/local-server.ts';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { projectIntegrations, toolContext } from '#testing/builders/tool-context.ts';
import { getSystemHealth } from './get-system-health.ts';

const documents = sqliteDocuments({ file: ':memory:' });

describe('getSystemHealth', () => {
  test('reports the database as online and systems without credentials as unconfigured', async () => {
    const server = await startLocalServer(() => jsonReply(200, { keys: [{ kty: 'RSA' }] }));
    const integrations = projectIntegrations.integrations.map((one) => ({ ...one, url: `${server.url}/${one.id}` }));
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const context = toolContext({ documents, http, secrets: secretsOf({}), integrations });
    const output = await getSystemHealth.call({}, context);
    await server.close();
    expect(output).toMatchObject({
      systems: [
        { id: 'firestore', status: 'online' },
        { id: 'auth', status: 'online' },
        { id: 'letta', status: 'unconfigured', error: expect.stringContaining('LETTA_API_KEY') },
        { id: 'claude', status: 'unconfigured' },
        { id: 'gemini', status: 'unconfigured' },
      ],
      checked: 5,
      online: 2,
      unconfigured: 3,
      allOnline: false,
    });
    const remembered = await loadIntegrationHealth(documents, new Date('2026-11-20T14:00:00.000Z'));
    expect(remembered.get('auth')).toMatchObject({ lastStatus: 'online', lastProblem: null });
    expect(remembered.get('letta')?.lastProblem?.error).toContain('LETTA_API_KEY');
  });

  test('reports the database as offline instead of failing', async () => {
    const unreachable = {
      ...documents,
      get: () => Promise.reject(new DocumentsError('unavailable', 'Firestore did not answer within 10000 ms.')),
    };
    const output = await getSystemHealth.call({}, toolContext({ documents: unreachable }));
    expect(output).toMatchObject({ offline: 1, offlineNames: ['Firestore'], slowestMs: null, allOnline: false });
  });
});
