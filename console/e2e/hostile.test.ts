import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { freePort } from '#testing/servers/free-port.ts';
import type { ChildServer } from '../../scripts/processes/child-server.ts';
import { ensureBuilt } from '../../scripts/building/ensure-built.ts';
import { startConsoleServer } from '../../scripts/local/local-servers.ts';
import { BROWSER_TEST_TIMEOUT_MS, testBrowser } from '#console/testing/browser.ts';
import { hostilePaths } from '#console/testing/hostile-paths.ts';
import { HOSTILE_SETS, storeHostileRecords } from '#console/testing/hostile-records.ts';
import { overflow } from './page-checks.ts';

const START_TIMEOUT_MS = 60_000;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 780 };
const browser = await testBrowser();

describe.skipIf(browser.missing)(
  'Hostile data of 10,000 characters a name',
  { timeout: BROWSER_TEST_TIMEOUT_MS },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-hostile-'));
    let server: ChildServer;

    beforeAll(async () => {
      const file = join(folder, 'playbooks.db');
      const documents = sqliteDocuments({ file });
      await storeHostileRecords(documents, HOSTILE_SETS.long);
      await documents.close();
      await ensureBuilt();
      const env = { PLAYBOOK_DATABASE: `sqlite:${file}`, CONSOLE_HOST: '127.0.0.1', CONSOLE_LOCAL_OPERATOR: '1' };
      server = await startConsoleServer({ port: await freePort(), env });
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }, START_TIMEOUT_MS);

    test('does nothing in a browser, and fits on a phone and on a desktop', async () => {
      const { page, complaints } = await browser.open({ viewport: PHONE });
      const problems: string[] = [];
      page.on('dialog', (dialog) => {
        problems.push(`asked: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(server.url).origin) problems.push(`loaded ${request.url()}`);
      });
      // A mail is met in its frame.
      for (const path of hostilePaths().filter((one) => !one.endsWith('/mail'))) {
        const response = await page.goto(new URL(path, server.url).href);
        if (response?.status() !== 200) problems.push(`${path} answered ${response?.status()}`);
        for (const viewport of [DESKTOP, PHONE]) {
          await page.setViewportSize(viewport);
          problems.push(...(await overflow(page)).map((wide) => `${path} (${viewport.width}): ${wide}`));
        }
      }
      expect(problems).toEqual([]);
      // An id that no runner makes is not watched: its page looks again by itself.
      expect(complaints.filter((one) => !one.includes('/live?topic='))).toEqual([]);
    });
  },
);
