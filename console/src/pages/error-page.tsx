import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { PlaybookError } from '../../../functions/src/engine/failure.ts';
import type { FailureCode } from '../../../functions/src/engine/failure.ts';
import { DocumentsError } from '../../../functions/src/ports/documents.ts';
import type { ConsoleEnv } from '../access/console-env.ts';
import { plainly } from '../access/plain-page.tsx';
import { show } from '../view/frame.tsx';
import { Head } from '../view/parts.tsx';
import { visible } from '../view/text.tsx';
import type { ConsoleWorld } from '../world.ts';

type Status = 400 | 403 | 404 | 409 | 429 | 500 | 503;

const STATUS_OF: Partial<Record<FailureCode, Status>> = {
  input_invalid: 400,
  rejected: 409,
  unavailable: 503,
  unconfigured: 503,
};

const TITLES: Readonly<Record<Status, string>> = {
  400: 'That cannot be done as it was asked',
  403: 'That is not yours to do',
  404: 'There is nothing here',
  409: 'Somebody was faster',
  429: 'Too much at once',
  500: 'Something went wrong here',
  503: 'Out of reach at the moment',
};

/** Answers an error that a page threw: people get the sentence and a way on, the log gets the cause. */
export async function errorPage(thrown: unknown, c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const { status, message } = answerTo(thrown);
  if (status >= 500) world.log('ERROR', 'A page of the console failed', { path: c.req.path, cause: thrown });
  // At the entrance nobody is known yet, whom the frame could be for.
  if (!('person' in c.var)) return plainly(c, { title: TITLES[status], status, main: <p>{visible(message)}</p> });
  return show(c, world, pageOf(status, message, c), status);
}

/** Answers for what does not exist, or not any more. */
export function notFoundPage(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  what = 'This address leads nowhere.',
): Promise<Response> {
  return show(c, world, pageOf(404, what, c), 404);
}

function pageOf(status: Status, message: string, c: Context<ConsoleEnv>): Parameters<typeof show>[2] {
  const isRead = c.req.method === 'GET';
  return {
    title: TITLES[status],
    section: undefined,
    main: (
      <>
        <Head title={TITLES[status]} />
        <p class={status === 404 ? 'hint' : 'problem'}>{visible(message.slice(0, 2_000))}</p>
        <p class="row">
          {isRead && status !== 404 ? (
            <a class="button" href="">
              Try again
            </a>
          ) : null}
          {isRead ? null : (
            <span class="muted">Nothing was changed. Go back with your browser: what you wrote is still there.</span>
          )}
          <a class="button" href="/">
            To Now
          </a>
        </p>
      </>
    ),
  };
}

function answerTo(thrown: unknown): { readonly status: Status; readonly message: string } {
  if (thrown instanceof HTTPException)
    return { status: isKnown(thrown.status) ? thrown.status : 400, message: thrown.message };
  if (thrown instanceof PlaybookError) return { status: STATUS_OF[thrown.code] ?? 500, message: thrown.message };
  if (thrown instanceof DocumentsError && thrown.code === 'unavailable') {
    return { status: 503, message: 'The database does not answer. Nothing is lost; try again in a moment.' };
  }
  if (thrown instanceof DocumentsError && thrown.code === 'denied') {
    return {
      status: 503,
      message: 'The database refuses access: the service account of the console needs the role Cloud Datastore User.',
    };
  }
  return { status: 500, message: 'This is a bug of the console. Its log has the details.' };
}

function isKnown(status: number): status is Status {
  return Object.hasOwn(TITLES, status);
}
