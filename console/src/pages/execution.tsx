import { Hono } from 'hono';
import type { Context } from 'hono';
import { loadOutput } from '../../../functions/src/records/executions.ts';
import { allow } from '../access/allow.ts';
import type { ConsoleEnv } from '../access/console-env.ts';
import { show } from '../view/frame.tsx';
import { shownText } from '../view/text.tsx';
import type { ConsoleWorld } from '../world.ts';
import { notFoundPage } from './error-page.tsx';
import { attachment } from './execution/attachment.ts';
import { ExecutionPage } from './execution/execution-page.tsx';
import { findExecution, loadExecutionView } from './execution/load-execution-view.ts';

const GONE = 'There is no execution of this id. It may have been deleted after its time; the list shows what there is.';

/** One execution, its record and the outputs of its steps as files. */
export function executionPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/executions/:file{.+\\.json}', allow('export'), (c) => record(c, world, c.req.param('file').slice(0, -5)))
    .get('/executions/:id', (c) => page(c, world, c.req.param('id')))
    .get('/executions/:id/steps/:path/output', allow('export'), (c) =>
      output(c, world, { id: c.req.param('id'), path: c.req.param('path') }),
    );
}

async function page(c: Context<ConsoleEnv>, world: ConsoleWorld, id: string): Promise<Response> {
  const execution = await findExecution(world.documents, id);
  if (execution === undefined) return notFoundPage(c, world, GONE);

  const view = await loadExecutionView(world.documents, execution);
  const attempt = Number(c.req.query('attempt') ?? Number.NaN);
  return show(c, world, {
    title: `${shownText(execution.playbookName, 60)}: ${execution.status}`,
    section: 'executions',
    ...(execution.status === 'running' && { live: `execution/${id}` }),
    main: (
      <ExecutionPage
        view={view}
        asked={{ step: c.req.query('step'), attempt: Number.isInteger(attempt) ? attempt : undefined }}
        time={{ now: world.clock.now(), timeZone: c.var.timeZone }}
      />
    ),
  });
}

async function record(c: Context<ConsoleEnv>, world: ConsoleWorld, id: string): Promise<Response> {
  const execution = await findExecution(world.documents, id);
  if (execution === undefined) return notFoundPage(c, world, GONE);
  return c.body(JSON.stringify(execution, undefined, 2), 200, attachment(`${id}.json`, 'application/json'));
}

async function output(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  { id, path }: { readonly id: string; readonly path: string },
): Promise<Response> {
  const execution = await findExecution(world.documents, id);
  if (execution === undefined) return notFoundPage(c, world, GONE);

  const steps = new Map(Object.entries(execution.steps));
  const attempt = steps.get(path)?.attempts.findLast(({ status }) => status === 'succeeded');
  if (attempt?.status !== 'succeeded') return notFoundPage(c, world, 'This execution has no output of such a step.');
  const whole =
    attempt.outputRef === undefined ? (attempt.output ?? null) : await loadOutput(world.documents, attempt.outputRef);
  return c.body(JSON.stringify(whole, undefined, 2), 200, attachment(`${id}_${path}.json`, 'application/json'));
}
