import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER_TEST_TIMEOUT_MS, testBrowser, type OpenPage } from '#console/testing/browser.ts';
import { openDemoStack, type DemoStack } from './demo-stack.ts';

const CAMPAIGN = /^Win back \d+ inactive customer/;
const MONITOR = '🔗 Integration Health Monitor';
const PLAYBOOKS = ['💬 Proactive Churn Prevention', '🏥 Daily System Health Check', MONITOR, '📊 Weekly Growth Review'];
const MY_ADDRESS = 'martez@bakedbot.ai';
const START_TIMEOUT_MS = 60_000;
const SEEN_WITHIN_MS = 15_000;

/** What somebody does who has just typed `npm start`, by the words on the screen alone. The tests follow on one another. */
export async function describeNewcomer(
  database: (dataDirectory: string) => Readonly<Record<string, string>>,
): Promise<void> {
  const browser = await testBrowser();

  describe.skipIf(browser.missing)('A newcomer', { timeout: BROWSER_TEST_TIMEOUT_MS }, () => {
    let stack: DemoStack;
    let newcomer: OpenPage;
    let page: Page;

    beforeAll(async () => {
      stack = await openDemoStack(database);
      newcomer = await browser.open({ viewport: { width: 1280, height: 900 } });
      page = newcomer.page;
      page.setDefaultTimeout(SEEN_WITHIN_MS);
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      await browser.close();
      await stack.close();
    }, START_TIMEOUT_MS);

    const goTo = async (section: string): Promise<void> => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: section }).first().click();
      await page.getByRole('heading', { level: 1, name: section }).waitFor();
    };

    test('sees the four executions', async () => {
      await page.goto(stack.url);
      await goTo('Executions');
      const table = page.getByRole('table', { name: 'Executions' });
      for (const playbook of PLAYBOOKS) {
        const row = table.getByRole('row').filter({ has: page.getByRole('link', { name: playbook }) });
        expect(await row.count()).toBe(1);
        expect(await row.textContent()).toContain('succeeded');
      }
    });

    test('switches an integration off, runs the monitor, and watches the steps come', async () => {
      await stack.switchIntegration('gmail', 'off');
      // One that is slow makes the first step last, so that there is something to watch.
      await stack.switchIntegration('hubspot', 'slow');
      await goTo('Playbooks');
      await page.getByRole('link', { name: MONITOR }).first().click();
      await page.getByRole('link', { name: 'Run now…' }).click();
      await page.getByRole('radio', { name: 'Only me' }).check();
      await page.getByLabel('My address').fill(MY_ADDRESS);
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.waitForURL(/\/executions\//);
      await page.evaluate('window.wasNeverLeft = true');

      const steps = page.getByRole('list', { name: 'Steps in order' });
      await steps.getByRole('link', { name: /^running Check all integrations/ }).waitFor();
      await steps.getByRole('link', { name: /^succeeded Check all integrations/ }).waitFor();
      await steps.getByRole('link', { name: /^succeeded Raise the alarm/ }).waitFor();
      await steps.getByRole('link', { name: /^succeeded Incident thread/ }).waitFor();
      expect(await page.evaluate('window.wasNeverLeft')).toBe(true);
    });

    test('reads the mail that went out', async () => {
      await goTo('Notifications');
      const mail = page.getByRole('row').filter({ hasText: 'email' });
      await mail.getByRole('link', { name: 'Offline: Gmail' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Offline: Gmail' }).waitFor();
      const text = page.frameLocator('iframe[title="The mail"]').locator('body');
      await expect.poll(() => text.textContent()).toContain('integrations failed the check');
      await page.getByText(MY_ADDRESS).first().waitFor();
    });

    test('opens the incident, says something, and closes it', async () => {
      await goTo('Inbox');
      await page.getByRole('navigation', { name: 'States' }).getByRole('link', { name: 'Open' }).click();
      await page.getByRole('link', { name: 'Offline: Gmail' }).click();
      await page.getByLabel('Your comment').fill('I switched it off myself.');
      await page.getByRole('button', { name: 'Comment' }).click();
      await page.getByRole('region', { name: 'Comments' }).getByText('I switched it off myself.').waitFor();
      await page.getByText('Close…').click();
      await page.getByLabel('Resolution').fill('It is on again.');
      await page.getByRole('button', { name: 'Close incident' }).click();
      await page.getByText(/Closed by/).waitFor();
      expect(await page.locator('main').textContent()).toContain('It is on again.');
    });

    test('approves the campaign, undoes it, and approves it by keyboard alone', async () => {
      await goTo('Inbox');
      await page.getByRole('link', { name: CAMPAIGN }).click();
      await page.getByRole('heading', { level: 1, name: CAMPAIGN }).waitFor();
      await page.getByText('Approve…').click();
      await page.getByRole('button', { name: /^Approve \d+ mails?$/ }).click();
      const decision = page.getByRole('region', { name: 'Decision' });
      await decision
        .getByText(/^\W*approved/)
        .first()
        .waitFor();
      await decision.getByRole('button', { name: 'Undo' }).click();
      await decision.getByText('Waiting for your decision').waitFor();

      await page.keyboard.press('g');
      await page.keyboard.press('i');
      await page.waitForURL(/\/inbox$/);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: CAMPAIGN }).waitFor();
      await tabTo(page, 'Approve…');
      await page.keyboard.press('Enter');
      await tabTo(page, /^Approve \d+ mails?$/);
      await page.keyboard.press('Enter');
      await decision
        .getByText(/^\W*approved/)
        .first()
        .waitFor();
      expect(await decision.textContent()).toContain('you@localhost');
    });

    test('finds all of it in the audit log', async () => {
      await goTo('Audit log');
      const log = await page.getByRole('table').first().textContent();
      const deeds = ['commented on', 'closed', 'approved', 'undid the decision on', 'requested an execution of'];
      for (const deed of deeds) expect(log).toContain(deed);
      await page.getByText(/^\W*Verified: the newest/).waitFor();
    });

    test('met no error and nothing that the content security policy stopped', () => {
      expect(newcomer.complaints).toEqual([]);
    });
  });
}

/** Presses Tab until what has the focus says `words`; throws after a hundred times. */
async function tabTo(page: Page, words: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press('Tab');
    const shown = String(await page.evaluate('document.activeElement?.textContent?.trim()'));
    if (words instanceof RegExp ? words.test(shown) : shown === words) return;
  }
  throw new Error(`Tab does not lead to "${String(words)}".`);
}
