import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { stream } from 'hono/streaming';
import { PlaybookError } from '#core/failure.ts';
import { listExecutions, type ExecutionPage } from '#records/executions/list-executions.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { rateLimiter } from '#console/access/rate-limit.ts';
import { refuseForNow } from '#console/access/refusals.tsx';
import { show } from '#console/view/frame/frame.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { attachment } from '#console/view/records/attachment.ts';
import { EXPORT_PAGE, executionsCsv, executionsJson } from './export-executions.ts';
import { filterHref, isSifted, readFilter, type AskedFilter } from './filter.ts';
import { playbookNames, type PlaybookName } from '#console/view/records/playbook-names.ts';
import { ExecutionList, type Listed } from './execution-list.tsx';

const PAGE = 25;
/** Besides the executions of a page: at most 50 where they are sifted, else one more than it shows. */
const NAMES_BUDGET = { sifted: 9, plain: 30 } as const;

/** Per person: each export reads up to 10,000 documents, which cost money. */
const EXPORTS = { capacity: 10, perMs: 10 * 60_000 };

/** The list of executions, and the same as a file. */
export function executionsPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const names = playbookNames(world.documents, world.clock);
  const exports = rateLimiter(EXPORTS, world.clock);
  const sparingly: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
    const waitMs = exports.take(c.var.person.uid);
    return waitMs === 0 ? next() : refuseForNow(c, waitMs);
  };
  return new Hono<ConsoleEnv>()
    .get('/executions', (c) => list(c, world, names))
    .get('/executions.csv', allow('export'), sparingly, (c) => download(c, world, 'csv'))
    .get('/executions.json', allow('export'), sparingly, (c) => download(c, world, 'json'));
}

async function list(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  names: (budget: number) => Promise<readonly PlaybookName[]>,
): Promise<Response> {
  const { timeZone } = c.var;
  const asked = readFilter(c.req.query(), timeZone);
  const after = c.req.query('after');
  const [listed, playbooks] = await Promise.all([
    load(world, asked, after),
    names(isSifted(asked.filter) ? NAMES_BUDGET.sifted : NAMES_BUDGET.plain),
  ]);
  const time: ReaderTime = { now: world.clock.now(), timeZone };
  const isLive = listed.kind === 'page' && after === undefined;
  return show(
    c,
    world,
    {
      title: 'Executions',
      section: 'executions',
      ...(isLive && { live: 'executions' }),
      main: <ExecutionList asked={asked} listed={listed} playbooks={playbooks} after={after} time={time} />,
    },
    listed.kind === 'page' ? 200 : 400,
  );
}

/** An invalid filter or cursor is reported on the page, where it can be fixed. */
async function load(
  world: ConsoleWorld,
  { problems, filter }: AskedFilter,
  after: string | undefined,
): Promise<Listed> {
  if (Object.keys(problems).length > 0) return { kind: 'refused' };
  try {
    return { kind: 'page', page: await listExecutions(world.documents, filter, { limit: PAGE, after }) };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'input_invalid') throw thrown;
    return { kind: 'refused', problem: thrown.message };
  }
}

async function download(c: Context<ConsoleEnv>, world: ConsoleWorld, format: 'csv' | 'json'): Promise<Response> {
  const { filter, given, problems } = readFilter(c.req.query(), c.var.timeZone);
  const wrong = Object.entries(problems).map(([name, problem]) => `${name}: ${problem}`);
  if (wrong.length > 0) throw new PlaybookError('input_invalid', `Invalid filter. ${wrong.join(' ')}`);

  const loadPage = (after: string | undefined): Promise<ExecutionPage> =>
    listExecutions(world.documents, filter, { limit: EXPORT_PAGE, after });
  const first = await loadPage(undefined);
  const pieces = format === 'csv' ? executionsCsv(first, loadPage) : executionsJson(first, loadPage);
  const day = world.clock.now().toISOString().slice(0, 10);
  const type = format === 'csv' ? 'text/csv' : 'application/json';
  for (const [name, value] of Object.entries(attachment(`executions-${day}.${format}`, type))) c.header(name, value);
  return stream(c, async (out) => {
    try {
      for await (const piece of pieces) {
        if (out.aborted) return;
        await out.write(piece);
      }
    } catch (thrown) {
      world.log('ERROR', 'An export of executions broke off', { path: filterHref(c.req.path, given), cause: thrown });
      await out.write('\r\nThe export stopped here: the database did not answer. Try again.\r\n');
    }
  });
}
