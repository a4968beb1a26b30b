import { cut } from '#core/cut.ts';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { PlaybookError } from '#core/failure.ts';
import type { FailureCode } from '#core/failure.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { plainly } from './plain-page.tsx';
import { show } from './frame.tsx';
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
  400: 'That cannot be done as it was asked',
  403: 'That is not yours to do',
  404: 'There is nothing here',
  409: 'Somebody was faster',
  429: 'Too much at once',
  500: 'Something went wrong here',
  503: 'Out of reach at the moment',
};

const NO_ANSWER = 'The database does not answer. Nothing is lost; try again in a moment.';
const REFUSED = 'The database refuses access: the service account of the console needs the role Cloud Datastore User.';

/** What people are told, and how far that of the database may be told to strangers. */
interface Answer {
  readonly status: Status;
  readonly message: string;
  /** What is said to whom nobody knows: where the database lies is not theirs to know. */
  readonly toStrangers?: string;
  /** Whether what was asked for may have been done all the same. */
  readonly mayBeDone?: boolean;
}

/** Answers an error that a page threw: people get the sentence and a way on, the log gets the cause. */
export async function errorPage(thrown: unknown, c: Context<ConsoleEnv>, world: ConsoleWorld): Promise<Response> {
  const answer = answerTo(thrown);
  const { status, message, toStrangers = message } = answer;
  if (status >= 500)
    world.log('ERROR', 'A page of the console failed', { path: c.req.path, reason: message, cause: thrown });
  // At the entrance nobody is known yet, whom the frame could be for.
  if (!('person' in c.var)) return plainly(c, { title: TITLES[status], status, main: <p>{visible(toStrangers)}</p> });
  return show(c, world, pageOf(answer, c), status);
}

/** Answers for what does not exist, or not any more. */
export function notFoundPage(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  what = 'This address leads nowhere.',
): Promise<Response> {
  return show(c, world, pageOf({ status: 404, message: what }, c), 404);
}

function pageOf({ status, message, mayBeDone = false }: Answer, c: Context<ConsoleEnv>): Parameters<typeof show>[2] {
  const isRead = c.req.method === 'GET';
  return {
    title: TITLES[status],
    section: undefined,
    main: (
      <>
        <Head title={TITLES[status]} />
        <p class={status === 404 ? 'hint' : 'problem'}>{visible(cut(message, 2_000))}</p>
        <p class="row">
          {isRead && status !== 404 ? (
            <a class="button" href="">
              Try again
            </a>
          ) : null}
          {isRead ? null : (
            <span class="muted">
              {mayBeDone ? '' : 'Nothing was changed. '}Go back with your browser: what you wrote is still there.
            </span>
          )}
          <a class="button" href="/">
            To Now
          </a>
        </p>
      </>
    ),
  };
}

function answerTo(thrown: unknown): Answer {
  if (thrown instanceof HTTPException)
    return { status: isKnown(thrown.status) ? thrown.status : 400, message: thrown.message };
  const ofDatabase = answerOfDatabase(thrown);
  if (ofDatabase !== undefined) return ofDatabase;
  if (thrown instanceof PlaybookError) return { status: STATUS_OF[thrown.code] ?? 500, message: thrown.message };
  return { status: 500, message: 'This is a bug of the console. Its log has the details.' };
}

/** That the database is out of reach or refuses access, whoever caught it on the way; undefined for everything else. */
function answerOfDatabase(thrown: unknown): Answer | undefined {
  if (!(thrown instanceof PlaybookError || thrown instanceof DocumentsError)) return undefined;
  const error = thrown instanceof PlaybookError ? thrown.cause : thrown;
  if (!(error instanceof DocumentsError)) return undefined;
  const { code, mayBeApplied } = error;
  if (code === 'unavailable')
    return { status: 503, message: thrown.message, toStrangers: NO_ANSWER, mayBeDone: mayBeApplied };
  if (code === 'denied') return { status: 503, message: `${REFUSED} ${error.message}`, toStrangers: REFUSED };
  return undefined;
}

function isKnown(status: number): status is Status {
  return Object.hasOwn(TITLES, status);
}
