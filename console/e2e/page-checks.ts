import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

/** What axe finds, in a line each. */
const Violations = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullable(),
    nodes: z.array(z.object({ target: z.array(z.unknown()), html: z.string() })),
  }),
);

/** Everything that axe holds against the page as it is, but the minor: rule, impact, where. */
export function axeProblems(page: Page): Promise<readonly string[]> {
  return runAxe(page, {});
}

/** The part of it that depends on colours and on the width of the screen. */
export function contrastProblems(page: Page): Promise<readonly string[]> {
  return runAxe(page, { runOnly: ['color-contrast', 'scrollable-region-focusable', 'target-size'] });
}

async function runAxe(page: Page, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  // Evaluated from outside, which no content security policy forbids.
  await page.evaluate(`if (!window.axe) { ${axe.source} }`);
  const asked = JSON.stringify({ resultTypes: ['violations'], ...options });
  const found = await page.evaluate(`axe.run(document, ${asked}).then(({ violations }) => violations.map(
    ({ id, impact, nodes }) => ({ id, impact: impact ?? null, nodes: nodes.map(({ target, html }) => ({ target, html })) })))`);
  return Violations.parse(found)
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) =>
      nodes.slice(0, 3).map(({ target, html }) => `${id} (${impact}): ${target.join(' ')} ${html.slice(0, 160)}`),
    );
}

/** How far what was on the screen has moved by itself since the page was opened. */
export async function layoutShift(page: Page): Promise<number> {
  return z.number().parse(
    await page.evaluate(`new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      requestAnimationFrame(() => setTimeout(() => resolve(sum), 50));
    })`),
  );
}

/** Says by how many pixels the page is wider than the screen, and what sticks out furthest. */
export async function overflow(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(`(() => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const widest = [...document.querySelectorAll('body *')]
      .map((element) => ({ element, right: element.getBoundingClientRect().right }))
      .sort((a, b) => b.right - a.right)[0];
    return ['too wide by ' + wide + ' px: ' + (widest?.element.outerHTML.slice(0, 200) ?? '')];
  })()`);
  return z.array(z.string()).parse(found);
}

/** Scripts that keep the page from being shown: all but modules and those that wait. */
export async function blockingScripts(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(
    `[...document.scripts].filter((script) => script.type !== 'module' && !script.defer && !script.async).map((script) => script.outerHTML)`,
  );
  return z.array(z.string()).parse(found);
}

/** What a mouse can press and Tab does not come to, and what Tab comes to without its being visible that it did. */
export async function unreachable(page: Page): Promise<readonly string[]> {
  await page.evaluate(`(() => {
    document.activeElement?.blur();
    const pressable = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    window.unreached = new Set([...document.querySelectorAll(pressable)].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.disabled && !isUncheckedRadio(element)));
    window.unmarked = [];
    function isUncheckedRadio(element) {
      return element.type === 'radio' && !element.checked &&
        document.querySelector('input[type=radio][name="' + CSS.escape(element.name) + '"]:checked') !== null;
    }
  })()`);
  const most = z.number().parse(await page.evaluate('window.unreached.size')) + 60;
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const left = await page.evaluate(`(() => {
      const element = document.activeElement;
      window.unreached.delete(element);
      const style = getComputedStyle(element);
      if (element !== document.body && element.tagName !== 'IFRAME' && style.outlineStyle === 'none' && style.boxShadow === 'none') window.unmarked.push(element.outerHTML.slice(0, 160));
      return window.unreached.size;
    })()`);
    if (left === 0) break;
  }
  const found = await page.evaluate(
    `[...[...window.unreached].map((element) => 'not reached: ' + element.outerHTML.slice(0, 160)), ...window.unmarked.map((html) => 'focus not seen: ' + html)]`,
  );
  return z.array(z.string()).parse(found);
}
