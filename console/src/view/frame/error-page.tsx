import { cut } from '#core/cut.ts';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isFromNewerVersion, PlaybookError, type FailureCode } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { plainly } from './plain-page.tsx';
import { show, type PageContent } from './frame.tsx';
import { listOf } from './navigation.tsx';
import { Head } from '../elements/parts.tsx';
import { visible } from '../elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';

type Status = 400 | 403 | 404 | 409 | 429 | 500 | 503;

const STATUS_OF: Partial<Record<FailureCode, Status>> = {
  input_invalid: 400,
  rejected: 409,
  unavailable: 503,
  unconfigured: 503,
};

const TITLES: Readonly<Record<Status, string>> = {
  400: 'Invalid request',
  403: 'You don’t have permission',
  404: 'Page not found',
  409: 'Already changed',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Service unavailable',
};

const NO_ANSWER = 'The database is not responding. Nothing is lost; try again in a moment.';
const REFUSED = 'The database denies access: the service account of the console needs the role Cloud Datastore User.';

/** What people are told, and how much of it strangers may know. */
interface Answer {
  readonly status: Status;
  /** Instead of the title of the status. */
  readonly title?: string;
  readonly message: string;
  /** The message for people who are not signed in: they must not learn where the database is. */
  readonly toStrangers?: string;
  /** Whether the request may have been carried out all the same. */
  readonly mayBeDone?: boolean;
}

/** Answers an error that a page threw: people get the message and a way on, the log gets the cause. */
export async function errorPage(thrown: unknown, c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const answer = answerTo(thrown);
  const { status, message, toStrangers = message } = answer;
  if (status >= 500)
    world.log('ERROR', 'A page of the console failed', { path: c.req.path, reason: message, cause: thrown });
  // Before sign-in there is nobody to show the frame to.
  if (!('person' in c.var))
    return plainly(c, { title: answer.title ?? TITLES[status], status, main: <p>{visible(toStrangers)}</p> });
  return show(c, world, pageOf(answer, c), status);
}

/** Answers for a page that does not exist, or no longer does. */
export function notFoundPage(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  what = 'This address does not exist.',
): Promise<Response> {
  return show(c, world, pageOf({ status: 404, message: what }, c), 404);
}

function pageOf(answer: Answer, c: Context<ConsoleEnv>): PageContent {
  const { status, message, title = TITLES[status] } = answer;
  return {
    title,
    section: undefined,
    main: (
      <>
        <Head title={title} />
        <p class={status === 404 ? 'hint' : 'problem'}>{visible(cut(message, 2_000))}</p>
        <WayOn answer={answer} method={c.req.method} path={c.req.path} />
      </>
    ),
  };
}

const WayOn = ({ answer, method, path }: { answer: Answer; method: string; path: string }) => {
  const isRead = method === 'GET';
  // A page that failed by itself is not the way on.
  const back = listOf(answer.status >= 500 && method === 'GET' ? '/' : path);
  return (
    <p class="row">
      {isRead && answer.status !== 404 ? (
        <a class="button" href="">
          Try again
        </a>
      ) : null}
      {isRead ? null : (
        <span class="muted">
          {answer.mayBeDone === true ? '' : 'Nothing was saved. '}Your text is kept; go back to edit it.
        </span>
      )}
      <a class="button" href={back.href}>
        Back to {back.name}
      </a>
    </p>
  );
};

function answerTo(thrown: unknown): Answer {
  if (thrown instanceof HTTPException)
    return { status: isKnown(thrown.status) ? thrown.status : 400, message: thrown.message };
  const ofDatabase = answerOfDatabase(thrown);
  if (ofDatabase !== undefined) return ofDatabase;
  if (isFromNewerVersion(thrown) && thrown instanceof PlaybookError)
    return { status: 503, message: thrown.message, title: 'Written by a newer version' };
  if (thrown instanceof PlaybookError) return { status: STATUS_OF[thrown.code] ?? 500, message: thrown.message };
  return { status: 500, message: 'This is a bug in the console. Its log has the details.' };
}

/** The answer if the database is unavailable or denies access, wherever that was caught; else undefined. */
function answerOfDatabase(thrown: unknown): Answer | undefined {
  if (!(thrown instanceof PlaybookError || thrown instanceof DocumentsError)) return undefined;
  const error = thrown instanceof PlaybookError ? thrown.cause : thrown;
  if (!(error instanceof DocumentsError)) return undefined;
  const { code, mayBeApplied } = error;
  if (code === 'unavailable')
    return {
      status: 503,
      title: 'Database unavailable',
      message: thrown.message,
      toStrangers: NO_ANSWER,
      mayBeDone: mayBeApplied,
    };
  if (code === 'denied')
    return { status: 503, title: 'Database unavailable', message: `${REFUSED} ${error.message}`, toStrangers: REFUSED };
  return undefined;
}

function isKnown(status: number): status is Status {
  return Object.hasOwn(TITLES, status);
}
