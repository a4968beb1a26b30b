import { relative } from '#console/view/elements/relative.ts';

const TICK_MS = 5_000;

/** Tells the server in which zone its times are read, by a cookie. The first page of all is loaded again in that zone. */
export function rememberZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || document.body.dataset['zone'] === zone || document.cookie.includes(`zone=${encodeURIComponent(zone)}`))
    return;
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  void import('./live.ts').then(({ refresh }) => refresh());
}

/** Keeps `5 min ago` true while the page stays open, and counts down what ends soon. */
export function keepTimes(): void {
  setInterval(tick, TICK_MS);
  document.addEventListener('refreshed', tick);
}

function tick(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
    const text = relative(new Date(element.dateTime), new Date());
    if (element.textContent !== text) element.textContent = text;
  }
}
