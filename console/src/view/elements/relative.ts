/** How far an instant lies from now, in words: `just now`, `5 min ago`, `in 3 h`. For server and browser alike. */
export function relative(at: Date, now: Date): string {
  const distanceMs = now.getTime() - at.getTime();
  const [isPast, sizeMs] = [distanceMs >= 0, Math.abs(distanceMs)];
  if (sizeMs < 5_000) return isPast ? 'just now' : 'now';
  return isPast ? `${rounded(sizeMs)} ago` : `in ${rounded(sizeMs)}`;
}

function rounded(sizeMs: number): string {
  if (sizeMs < 60_000) return `${Math.round(sizeMs / 1000)} s`;
  if (sizeMs < 3_600_000) return `${Math.round(sizeMs / 60_000)} min`;
  if (sizeMs < 48 * 3_600_000) return `${Math.round(sizeMs / 3_600_000)} h`;
  return `${Math.round(sizeMs / 86_400_000)} days`;
}
