import type { Context } from 'hono';
import { durationInWords } from '#core/duration.ts';
import { plainly } from '#console/view/frame/plain-page.tsx';

type Answer = Response | Promise<Response>;

/** A form of another session or another site. */
export function refuseForeignForm(c: Context): Answer {
  return plainly(c, {
    title: 'This form is out of date',
    status: 403,
    main: (
      <p>
        Nothing was saved. You have signed in again since this page was opened, or it does not belong to this console.
        Go back, reload the page and try again.
      </p>
    ),
  });
}

/** Too many requests. */
export function refuseForNow(c: Context, waitMs: number): Answer {
  c.header('retry-after', String(Math.ceil(waitMs / 1000)));
  const wait = durationInWords(Math.ceil(waitMs / 1000) * 1000);
  return plainly(c, {
    title: 'Too many requests',
    status: 429,
    text: `Too many requests. Try again in ${wait}.`,
    main: <p>Nothing was saved. Try again in {wait}.</p>,
  });
}

/** The service that knows the accounts does not answer. */
export function refuseOutage(c: Context): Answer {
  c.header('retry-after', '30');
  return plainly(c, {
    title: 'Sign-in is unavailable',
    status: 503,
    main: (
      <p>
        The console cannot check who you are because the sign-in service is not responding. Reload this page in 30
        seconds.
      </p>
    ),
  });
}

/** A request whose body is larger than any of our forms. */
export function refuseLargeBody(c: Context): Answer {
  return plainly(c, {
    title: 'Form too large',
    status: 413,
    main: <p>Nothing was saved. A form can hold at most 1 MB.</p>,
  });
}
