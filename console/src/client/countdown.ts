import { refresh } from './live.ts';
import { relative } from '#console/view/elements/relative.ts';

const TICK_MS = 1_000;

/** Counts down to the instant of a `<time data-countdown>`, each second; when it has come, the page is loaded anew. */
export function keepCountdowns(): void {
  setInterval(() => {
    for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-countdown]')) {
      const atMs = Date.parse(element.dateTime);
      if (atMs > Date.now()) {
        element.textContent = relative(new Date(atMs), new Date());
      } else {
        element.removeAttribute('data-countdown');
        void refresh();
      }
    }
  }, TICK_MS);
}
