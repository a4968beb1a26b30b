import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGE = join(ROOT, 'node_modules', '@sparticuz', 'chromium');
const START_TIMEOUT_MS = 15_000;
/** Says Chromium itself when a page is left before its fading in is over. */
const CUT_SHORT = 'Transition was skipped';
const run = promisify(execFile);

/** A page of its own in the browser of a test file, and what it complained about. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and what the content security policy has stopped, as they came. */
  readonly complaints: readonly string[];
}

/** The browser of a test file. */
export interface TestBrowser {
  /** Chromium does not start here: what needs it is to be skipped. */
  readonly missing: boolean;
  /** A new profile: no cookies, nothing kept. It ends with the browser, or before with `page.context().close()`. */
  open(options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

/** How long a test of a browser may take on a machine that does much else. */
export const BROWSER_TEST_TIMEOUT_MS = 30_000;

/**
 * Starts Chromium, one for a test file. Where it does not start, says why, and that it is missing; with
 * PLAYBOOK_REQUIRE_BROWSER=1 it throws that.
 */
export async function testBrowser(): Promise<TestBrowser> {
  const started = await startBrowser();
  if (!(started instanceof Error)) {
    return { missing: false, open: (options) => openPage(started, options), close: () => started.close() };
  }
  const problem = new Error(`Chromium does not start here: ${started.message}`);
  if (process.env['PLAYBOOK_REQUIRE_BROWSER'] === '1') throw problem;
  console.log(`Not run, because it needs a browser. ${problem.message}`);
  return { missing: true, open: () => Promise.reject(problem), close: () => Promise.resolve() };
}

async function startBrowser(): Promise<Browser | Error> {
  try {
    return await chromium.launch({
      executablePath: await chromiumPath(),
      args: ['--no-sandbox', '--font-render-hinting=none'],
      timeout: START_TIMEOUT_MS,
    });
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

/**
 * Chromium comes packed, and unpacks itself into the folder for temporary files, in seconds. Here it is unpacked once for
 * each of its versions, into a folder that appears when it is complete: several processes at once do not meet.
 */
async function chromiumPath(): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')));
  const cache = join(ROOT, 'node_modules', '.cache');
  const folder = join(cache, `chromium-${version}`);
  const path = join(folder, 'chromium');
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'chromium-'));
  const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await run(process.execPath, ['--input-type=module', '-e', unpack], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: staging },
  });
  await rename(staging, folder).catch(async (thrown: unknown) => {
    // Another process was faster.
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(path)) throw thrown;
  });
  return path;
}

async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ timezoneId: 'America/New_York', locale: 'en-US', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  );
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on('pageerror', ({ message }) => {
    if (message !== CUT_SHORT) complaints.push(message);
  });
  return { page, complaints };
}
