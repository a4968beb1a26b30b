import type { Context } from 'hono';
import { durationInWords } from '#core/duration.ts';
import { plainly } from '#console/view/frame/plain-page.tsx';

type Answer = Response | Promise<Response>;

/** A form that is not of this session, or not of this site. */
export function refuseForeignForm(c: Context): Answer {
  return plainly(c, {
    title: 'This form is out of date',
    status: 403,
    main: (
      <p>
        Nothing was changed. The page was open while you signed in anew, or it does not belong to this console. Go back,
        reload the page and try again.
      </p>
    ),
  });
}

/** Somebody who was too fast. */
export function refuseForNow(c: Context, waitMs: number): Answer {
  c.header('retry-after', String(Math.ceil(waitMs / 1000)));
  const wait = durationInWords(Math.ceil(waitMs / 1000) * 1000);
  return plainly(c, {
    title: 'Too many requests',
    status: 429,
    text: `Too many requests. Try again in ${wait}.`,
    main: <p>Nothing was changed. Try again in {wait}.</p>,
  });
}

/** Who people are cannot be asked at the moment. */
export function refuseOutage(c: Context): Answer {
  c.header('retry-after', '30');
  return plainly(c, {
    title: 'Sign-in is out of reach',
    status: 503,
    main: (
      <p>
        The console cannot find out who you are, because a service that it needs does not answer. Reload this page in
        half a minute.
      </p>
    ),
  });
}

/** A request whose body is larger than any form of ours. */
export function refuseLargeBody(c: Context): Answer {
  return plainly(c, {
    title: 'This is too large',
    status: 413,
    main: <p>Nothing was changed. A form may hold one megabyte at most.</p>,
  });
}
