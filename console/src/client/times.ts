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
    const text = relative(Date.parse(element.dateTime), Date.now());
    if (element.textContent !== text) element.textContent = text;
  }
}

/** As view/time.tsx says it. */
export function relative(atMs: number, nowMs: number): string {
  const size = Math.abs(nowMs - atMs);
  if (size < 5_000) return nowMs >= atMs ? 'just now' : 'now';
  const text = rounded(size);
  return nowMs >= atMs ? `${text} ago` : `in ${text}`;
}

function rounded(sizeMs: number): string {
  if (sizeMs < 60_000) return `${Math.round(sizeMs / 1000)} s`;
  if (sizeMs < 3_600_000) return `${Math.round(sizeMs / 60_000)} min`;
  if (sizeMs < 48 * 3_600_000) return `${Math.round(sizeMs / 3_600_000)} h`;
  return `${Math.round(sizeMs / 86_400_000)} days`;
}
