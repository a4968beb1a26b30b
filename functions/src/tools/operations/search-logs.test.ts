import { beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { projectPlatform, toolContext } from '#testing/builders/tool-context.ts';
import { searchLogs } from './search-logs.ts';

const HOUR_MS = 3_600_000;
const clock = fakeClock();
const documents = sqliteDocuments({ file: ':memory:' });
const context = toolContext({ documents, clock });

const ENTRIES = [
  { hoursAgo: 1, severity: 'INFO', service: 'gmail', message: 'Synchronised 42 messages' },
  { hoursAgo: 2, severity: 'ERROR', service: 'gmail', message: 'Token refresh failed: invalid_grant' },
  { hoursAgo: 3, severity: 'CRITICAL', service: 'orders', message: 'Checkout refused all cards' },
  { hoursAgo: 30, severity: 'ERROR', service: 'gmail', message: 'Token refresh failed: timeout' },
] as const;

describe('searchLogs', () => {
  beforeAll(async () => {
    for (const [index, { hoursAgo, ...entry }] of ENTRIES.entries()) {
      const data = { ...entry, at: new Date(clock.now().getTime() - hoursAgo * HOUR_MS) };
      await documents.commit([{ kind: 'create', path: `logs/entry${index}`, data }]);
    }
  });

  test('finds the last day, newest first', async () => {
    expect(await searchLogs.call({}, context)).toMatchObject({
      entries: [{ severity: 'INFO' }, { severity: 'ERROR' }, { severity: 'CRITICAL' }],
      total: 3,
    });
  });

  test('finds a severity and more severe ones', async () => {
    expect(await searchLogs.call({ severity: 'error' }, context)).toMatchObject({
      entries: [{ severity: 'ERROR' }, { severity: 'CRITICAL' }],
    });
  });

  test('finds a text in message and service, whatever the case', async () => {
    const output = await searchLogs.call({ text: 'INVALID_grant' }, context);
    expect(output).toMatchObject({ entries: [{ service: 'gmail' }], matched: 1, lookedAt: 3 });
    expect(await searchLogs.call({ text: 'Orders' }, context)).toMatchObject({ matched: 1 });
  });

  test('goes back to the given time, and shortens the list without hiding the number of matches', async () => {
    const since = new Date(clock.now().getTime() - 48 * HOUR_MS).toISOString();
    const output = await searchLogs.call({ text: 'token', since, limit: 1 }, context);
    expect(output).toMatchObject({ entries: [{ message: 'Token refresh failed: invalid_grant' }], matched: 2 });
  });

  test('refuses an unknown severity', async () => {
    await expect(searchLogs.call({ severity: 'ERORR' }, context)).rejects.toThrow(/Did you mean 'ERROR'/);
  });

  test('says what to configure where the platform has no logs', async () => {
    const { logs: _, ...platform } = projectPlatform;
    await expect(searchLogs.call({}, toolContext({ documents, platform }))).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringContaining('platform.yaml'),
    });
  });
});
