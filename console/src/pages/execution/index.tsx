import { isEnded } from '#engine/record/execution.ts';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { endExecution } from '#records/executions/end-execution.ts';
import { loadOutput } from '#records/executions/execution-outputs.ts';
import { findExecution, type SeenExecution } from '#records/executions/seen-execution.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { withNotice } from '#console/view/frame/notices.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { attachment } from '#console/view/records/attachment.ts';
import { ExecutionPage } from './execution-page.tsx';
import type { RefusedEnd } from './ending-form.ts';
import { executionHref } from '#console/view/records/execution-href.ts';
import { loadExecutionView } from './load-execution-view.ts';
import { formOf, TextField } from '#console/access/form.ts';

const GONE = 'No execution has this ID. It may have expired and been deleted.';

const EndDraft = z.object({ reason: TextField.default('') });

/** A refused end, with the status of the answer. */
type Refusal = RefusedEnd & { readonly status: 400 | 409 };

/** One execution, its record and the outputs of its steps as files, and the form by which a person ends it. */
export function executionPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return (
    new Hono<ConsoleEnv>()
      .get('/executions/:file{.+\\.json}', allow('export'), (c) => record(c, world, c.req.param('file').slice(0, -5)))
      .get('/executions/:id', (c) => page(c, world, c.req.param('id'), undefined))
      .post('/executions/:id/end', allow('end_execution'), (c) => end(c, world, c.req.param('id')))
      // Reloading the page of a refused form leads to the execution, and does nothing.
      .get('/executions/:id/end', (c) => c.redirect(executionHref(c.req.param('id')), 303))
      .get('/executions/:id/steps/:path/output', allow('export'), (c) =>
        output(c, world, { id: c.req.param('id'), path: c.req.param('path') }),
      )
  );
}

async function page(
  c: Context<ConsoleEnv>,
  world: ConsoleWorld,
  id: string,
  refused: Refusal | undefined,
): Promise<Response> {
  const execution = await findExecution(world.documents, id);
  if (execution === undefined) return notFoundPage(c, world, GONE);

  const view = await loadExecutionView(world.documents, execution);
  const attempt = Number(c.req.query('attempt') ?? Number.NaN);
  const { person, csrfToken, timeZone } = c.var;
  const shown = {
    title: `${shownText(execution.playbookName, 60)}: ${standing(execution)}`,
    section: 'executions' as const,
    ...(!isEnded(execution) && refused === undefined && { live: `execution/${id}` }),
    main: (
      <ExecutionPage
        view={view}
        asked={{ step: c.req.query('step'), attempt: Number.isInteger(attempt) ? attempt : undefined }}
        catalog={world.catalog}
        form={{ person, csrfToken, refused }}
        time={{ now: world.clock.now(), timeZone }}
      />
    ),
  };
  return show(c, world, shown, refused?.status ?? 200);
}

function standing(execution: SeenExecution): string {
  return execution.status === 'running' && execution.silentSince !== null ? 'silent' : execution.status;
}

/** Ends it. A refusal is shown on the current page, with what the person wrote. */
async function end(c: Context<ConsoleEnv>, world: ConsoleWorld, executionId: string): Promise<Response> {
  const { email, role } = c.var.person;
  const { reason } = await formOf(c, EndDraft);
  try {
    await endExecution(world, { email, role }, { executionId, reason });
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || !['input_invalid', 'rejected'].includes(thrown.code)) throw thrown;
    const status = thrown.code === 'rejected' ? 409 : 400;
    return page(c, world, executionId, { message: thrown.message, reason, status });
  }
  return c.redirect(withNotice(executionHref(executionId), 'ended'), 303);
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
  if (attempt?.status !== 'succeeded') return notFoundPage(c, world, 'This execution has no output for this step.');
  const whole =
    attempt.outputRef === undefined ? (attempt.output ?? null) : await loadOutput(world.documents, attempt.outputRef);
  return c.body(JSON.stringify(whole, undefined, 2), 200, attachment(`${id}_${path}.json`, 'application/json'));
}
