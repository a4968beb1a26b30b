import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadExecution } from '#records/executions/executions.ts';
import { BROWSER_TEST_TIMEOUT_MS, testBrowser } from '#console/testing/browser.ts';
import { onSqlite, openDemoStack, type DemoStack } from './demo-stack.ts';

const START_TIMEOUT_MS = 60_000;
const SOON_MS = 1_000;
/** A machine that is busy with something else may be late once; it is not late every time. */
const AGAIN = { retry: 2, timeout: BROWSER_TEST_TIMEOUT_MS } as const;
const PATIENCE = { timeout: 10_000, interval: 200 } as const;
const MONITOR = 'ops_integration_monitor';
const CAMPAIGN = /^Win back \d+ inactive customer/;

const browser = await testBrowser();

describe.skipIf(browser.missing)('A page', { timeout: BROWSER_TEST_TIMEOUT_MS }, () => {
  let stack: DemoStack;

  beforeAll(async () => {
    stack = await openDemoStack(onSqlite);
    // So slow that there is something to watch.
    await stack.switchIntegration('hubspot', 'slow');
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await stack.close();
  }, START_TIMEOUT_MS);

  test('shows the end of a step within a second of its record', AGAIN, async () => {
    const { page } = await browser.open();
    const running = await watchMonitor(page, stack);
    await running.step.getByText('running').first().waitFor({ state: 'detached' });
    const shownMs = Date.now();
    const record = await loadExecution(stack.documents, await running.executionId);
    const step = record?.steps['integrations'];
    expect(step?.status).toBe('succeeded');
    const endedMs = step?.status === 'succeeded' ? step.completedAt.getTime() : Number.NaN;
    expect(shownMs - endedMs).toBeLessThan(SOON_MS);
    await page.context().close();
  });

  test('follows by looking again and again where events do not come through', AGAIN, async () => {
    const { page } = await browser.open();
    await page.route('**/live?*', (route) => route.fulfill({ status: 502 }));
    const running = await watchMonitor(page, stack);
    await page.getByText('Updates every 5 s').waitFor();
    await running.step.getByText('running').first().waitFor({ state: 'detached' });
    expect(await page.evaluate('window.wasNeverLeft')).toBe(true);
    await page.context().close();
  });

  test('leaves alone what somebody began to write while its newer state was on its way', async () => {
    const { page } = await browser.open();
    const asked = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await page.goto(`${stack.url}/inbox`);
    await page.getByRole('link', { name: CAMPAIGN }).click();
    await page.getByLabel('Your comment').waitFor();
    await page.route(
      ({ pathname }) => pathname.startsWith('/inbox/'),
      async (route) => {
        asked.resolve();
        await written.promise;
        await route.continue();
        arrived.resolve();
      },
    );
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await asked.promise;
    await page.getByLabel('Your comment').fill('Not yet sent');
    written.resolve();
    await arrived.promise;
    await page.waitForLoadState('networkidle');
    expect(await page.getByLabel('Your comment').inputValue()).toBe('Not yet sent');
    await page.context().close();
  });

  test('does everything without JavaScript, too: filter, run, look, decide', async () => {
    const { page } = await browser.open({ javaScriptEnabled: false });
    await page.goto(`${stack.url}/executions`);
    await page.getByLabel('Playbook').selectOption({ label: '🔗 Integration Health Monitor' });
    await page.getByRole('button', { name: 'Filter' }).click();
    expect(await page.getByRole('table').getByRole('link', { name: /Churn/ }).count()).toBe(0);

    await page.goto(`${stack.url}/playbooks/${MONITOR}`);
    await page.getByRole('link', { name: 'Run now…' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.waitForURL(/\/executions\//);
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByRole('link', { name: /^succeeded Check all integrations/ }).count();
      }, PATIENCE)
      .toBe(1);

    await page.goto(`${stack.url}/inbox`);
    await page.getByRole('link', { name: CAMPAIGN }).click();
    await page.getByText('Reject…').click();
    await page.getByLabel(/^Reason/).fill('Not this week.');
    await page.getByRole('button', { name: /^Reject \w/ }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('Not this week.');
    await page.context().close();
  });
});

/** Has the monitor begin outside the console, and opens its execution while the first step runs. */
async function watchMonitor(page: Page, stack: DemoStack) {
  const executionId = stack.run(MONITOR);
  await expect
    .poll(async () => {
      await page.goto(`${stack.url}/executions?playbook=${MONITOR}&status=running`);
      return page.getByRole('table').getByRole('link').count();
    }, PATIENCE)
    .toBeGreaterThan(0);
  await page.getByRole('table').getByRole('link').first().click();
  await page.waitForURL(/\/executions\/ops/);
  await page.evaluate('window.wasNeverLeft = true');
  const step = page.getByRole('list', { name: 'Steps in order' }).getByRole('link', { name: /Check all integrations/ });
  await step.waitFor();
  return { executionId, step };
}
