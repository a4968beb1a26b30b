import { relative } from './relative.ts';
import { inZone, zoneWords, type ReaderTime } from './time.tsx';

/** How long it is until an instant that ends something. The browser counts it down, and loads the page anew when it has come. */
export const Countdown = ({ at, now, timeZone }: ReaderTime & { at: Date }) => (
  <time
    datetime={at.toISOString()}
    title={`${inZone(at, timeZone, now)} ${zoneWords(timeZone)}`}
    data-countdown={at > now ? '' : undefined}
  >
    {relative(at, now)}
  </time>
);
