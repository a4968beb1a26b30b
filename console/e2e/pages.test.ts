import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BROWSER_TEST_TIMEOUT_MS, testBrowser } from '#console/testing/browser.ts';
import { consolePaths, OVERVIEWS, type ShownRecords } from '#console/testing/console-paths.ts';
import { onSqlite, openDemoStack, type DemoStack } from './demo-stack.ts';
import { openPiecemeal } from './piecemeal.ts';
import { axeProblems, blockingScripts, contrastProblems, layoutShift, overflow, unreachable } from './page-checks.ts';

const START_TIMEOUT_MS = 60_000;
const LOOK_TIMEOUT_MS = 180_000;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 780 };
const MOST_SHIFT = 0.02;
/** Less is rounding. */
const LEAST_SHIFT = 0.0001;

const browser = await testBrowser();

describe.skipIf(browser.missing)('Every page', { timeout: BROWSER_TEST_TIMEOUT_MS }, () => {
  let stack: DemoStack;
  let paths: readonly string[];

  beforeAll(async () => {
    stack = await openDemoStack(onSqlite);
    await stack.switchIntegration('gmail', 'off');
    await stack.run('ops_integration_monitor');
    paths = distinct(await shownBy(stack));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await stack.close();
  }, START_TIMEOUT_MS);

  test(
    'is there, whole, still, without errors, and for axe and the Tab key, on a desktop in light and on a phone in dark',
    async () => {
      const found = await Promise.all([
        look({ colorScheme: 'light', viewport: DESKTOP }, PHONE),
        look({ colorScheme: 'dark', viewport: PHONE }, DESKTOP),
      ]);
      expect(found.flat()).toEqual([]);
    },
    LOOK_TIMEOUT_MS,
  );

  test(
    'moves nothing while it arrives piece by piece, on a desktop and on a phone',
    async () => {
      const slow = await openPiecemeal(stack.url);
      const moved = await Promise.all([DESKTOP, PHONE].map((viewport) => movedOn(slow.url, viewport)));
      await slow.close();
      expect(moved.flat()).toEqual([]);
    },
    LOOK_TIMEOUT_MS,
  );

  test(
    'of a mail is whole and legible in light and dark, at the width of a desktop and of a phone',
    async () => {
      const found = await Promise.all([mailProblems('light'), mailProblems('dark')]);
      expect(found.flat()).toEqual([]);
    },
    LOOK_TIMEOUT_MS,
  );

  test('keeps the next runs on a phone where they are while the time until them goes by', async () => {
    const { page } = await browser.open({ viewport: PHONE });
    await page.goto(stack.url);
    const heights = await page.evaluate(`['now', 'in 5 s', 'in 59 min', 'in 47 h', 'in 30 days'].map((words) => {
      for (const time of document.querySelectorAll('#next time')) time.textContent = words;
      return document.querySelector('#next').getBoundingClientRect().height;
    })`);
    expect(new Set(z.array(z.number()).parse(heights)).size).toBe(1);
  });

  async function mailProblems(colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
    const sent = { field: 'channel', op: '==', value: 'email' } as const;
    const mails = await stack.documents.query({ collection: 'playbook_notifications', where: [sent], select: [] });
    expect(mails.length).toBeGreaterThan(1);
    // The policy of a mail allows no scripts, not even those that look at it.
    const { page } = await browser.open({ colorScheme, bypassCSP: true });
    const problems: string[] = [];
    for (const { id } of mails) {
      await page.setViewportSize(PHONE);
      await page.goto(`${stack.url}/notifications/${encodeURIComponent(id)}/mail`);
      const onPhone = await overflow(page);
      await page.setViewportSize({ width: 600, height: 700 });
      const found = [...onPhone, ...(await overflow(page)), ...(await contrastProblems(page))];
      problems.push(...found.map((problem) => `${id} (${colorScheme}): ${problem}`));
    }
    return problems;
  }

  /** The overviews that moved while they came from this address, other than by what time changes. */
  async function movedOn(url: string, viewport: typeof DESKTOP): Promise<readonly string[]> {
    const { page } = await browser.open({ viewport, timezoneId: 'UTC' });
    await page.addInitScript('window.setInterval = () => 0');
    const moved: string[] = [];
    for (const path of paths.filter((one) => OVERVIEWS.includes(one))) {
      await page.goto(url + path);
      if ((await page.locator('main[data-live]').count()) > 0) await page.locator('[data-state=live]').waitFor();
      const shift = await layoutShift(page);
      if (shift > LEAST_SHIFT) moved.push(`${path} (${viewport.width}): moved by ${shift}`);
    }
    return moved;
  }

  /** Looks at every page as it is loaded, and at what is different when the screen is another. */
  async function look(
    first: { readonly colorScheme: 'light' | 'dark'; readonly viewport: typeof DESKTOP },
    otherViewport: typeof DESKTOP,
  ): Promise<readonly string[]> {
    const { page, complaints } = await browser.open(first);
    const problems: string[] = [];
    for (const path of paths) {
      await page.setViewportSize(first.viewport);
      const response = await page.goto(stack.url + path);
      const shift = await layoutShift(page);
      const here = [
        ...(response?.status() === 200 ? [] : [`answered ${response?.status()}`]),
        ...(shift > MOST_SHIFT ? [`moved by ${shift}`] : []),
        ...(await blockingScripts(page)),
        ...(await overflow(page)),
        ...(await axeProblems(page)),
        // The order of Tab is that of the page, which is the same on every screen; the way around is not.
        ...(first.viewport === DESKTOP || path === '/' ? await unreachable(page) : []),
      ];
      await page.setViewportSize(otherViewport);
      const there = [...(await overflow(page)), ...(await contrastProblems(page))];
      const screens = [first.viewport.width, otherViewport.width];
      problems.push(
        ...[here, there].flatMap((list, index) =>
          list.map((problem) => `${path} (${first.colorScheme}, ${screens[index]}): ${problem}`),
        ),
      );
    }
    return [...problems, ...complaints];
  }
});

/** Records of the stack, some of each kind. */
async function shownBy({ documents }: DemoStack): Promise<ShownRecords> {
  const idsIn = async (collection: string): Promise<readonly string[]> =>
    (await documents.query({ collection, select: [] })).map(({ id }) => id);
  const [executionIds = [], threadIds = [], notificationIds = []] = await Promise.all(
    ['playbook_executions', 'playbook_threads', 'playbook_notifications'].map(idsIn),
  );
  return {
    executionIds: executionIds.filter((id) => /churn|_manual_/.test(id)),
    playbookIds: ['ops_integration_monitor', 'ops_churn_prevention'],
    threadIds,
    notificationIds: notificationIds.filter((_, index) => index === 0 || index === notificationIds.length - 1),
  };
}

/** Lists with other filters look alike: of each list, the first two. */
function distinct(shown: ShownRecords): readonly string[] {
  const lists = Object.values(Object.groupBy(OVERVIEWS, (path) => path.split('?')[0] ?? ''));
  return [
    ...lists.flatMap((alike) => alike?.slice(0, 2) ?? []),
    ...consolePaths(shown).filter((path) => !OVERVIEWS.includes(path) && !path.includes('?')),
    // Forms and texts that no list leads to at once.
    '/playbooks/ops_churn_prevention/run',
    '/playbooks/ops_churn_prevention/definition',
    ...shown.threadIds.filter((id) => id.endsWith('campaign')).map((id) => `/inbox/${encodeURIComponent(id)}/modify`),
  ];
}
