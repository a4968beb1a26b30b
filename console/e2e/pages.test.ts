import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInBrowser } from '../src/testing/browser.ts';
import { consolePaths, OVERVIEWS, type ShownRecords } from '../src/testing/console-paths.ts';
import { onSqlite, openDemoStack, type DemoStack } from './demo-stack.ts';
import { axeProblems, blockingScripts, layoutShift, overflow, unreachable } from './page-checks.ts';

const START_TIMEOUT_MS = 60_000;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 780 };
const MOST_SHIFT = 0.02;

await describeInBrowser('Every page', (browser) => {
  let stack: DemoStack;
  let paths: readonly string[];

  beforeAll(async () => {
    stack = await openDemoStack(onSqlite);
    await stack.switchIntegration('gmail', 'off');
    await stack.run('ops_integration_monitor');
    paths = distinct(await shownBy(stack));
  }, START_TIMEOUT_MS);
  afterAll(() => stack.close(), START_TIMEOUT_MS);

  describe.each([
    ['light', DESKTOP],
    ['dark', PHONE],
  ] as const)('in %s', (colorScheme, viewport) => {
    test(`at ${viewport.width} pixels: axe finds nothing, nothing moves, nothing sticks out, Tab reaches all of it`, async () => {
      const { page, complaints } = await browser.open({ colorScheme, viewport });
      const problems: string[] = [];
      for (const path of paths) {
        const tell = (problem: string): void => void problems.push(`${path}: ${problem}`);
        const response = await page.goto(stack.url + path);
        if (response?.status() !== 200) tell(`answered ${response?.status()}`);
        const shift = await layoutShift(page);
        if (shift > MOST_SHIFT) tell(`moved by ${shift}`);
        (await blockingScripts(page)).forEach(tell);
        const sticksOut = await overflow(page);
        if (sticksOut !== undefined) tell(`is too wide by ${sticksOut}`);
        (await axeProblems(page)).forEach(tell);
        (await unreachable(page)).forEach(tell);
      }
      expect(problems).toEqual([]);
      expect(complaints).toEqual([]);
    }, 60_000);

    test(`at ${viewport.width === DESKTOP.width ? PHONE.width : DESKTOP.width} pixels: the contrast holds, nothing sticks out`, async () => {
      const other = viewport === DESKTOP ? PHONE : DESKTOP;
      const { page } = await browser.open({ colorScheme, viewport: other });
      const problems: string[] = [];
      for (const path of paths) {
        await page.goto(stack.url + path);
        const sticksOut = await overflow(page);
        if (sticksOut !== undefined) problems.push(`${path}: is too wide by ${sticksOut}`);
        problems.push(...(await axeProblems(page)).map((problem) => `${path}: ${problem}`));
      }
      expect(problems).toEqual([]);
    }, 60_000);
  });
});

/** One of each kind of record, of which there is more than one way to look. */
async function shownBy({ documents }: DemoStack): Promise<ShownRecords> {
  const idsIn = async (collection: string): Promise<readonly string[]> =>
    (await documents.query({ collection, select: [] })).map(({ id }) => id);
  const [executionIds, threadIds, notificationIds] = await Promise.all(
    ['playbook_executions', 'playbook_threads', 'playbook_notifications'].map(idsIn),
  );
  return {
    executionIds: executionIds ?? [],
    playbookIds: ['ops_integration_monitor', 'ops_churn_prevention'],
    threadIds: threadIds ?? [],
    notificationIds: notificationIds ?? [],
  };
}

/** Lists with other filters look alike: of each list, the first two. */
function distinct(shown: ShownRecords): readonly string[] {
  const lists = Object.values(Object.groupBy(OVERVIEWS, (path) => path.split('?')[0] ?? ''));
  return [
    ...lists.flatMap((alike) => alike?.slice(0, 2) ?? []),
    ...consolePaths(shown).filter((path) => !OVERVIEWS.includes(path) && !path.includes('?')),
  ];
}
