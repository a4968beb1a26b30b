import { Hono, type Context } from 'hono';
import { manualExecutionId } from '#engine/record/execution-id.ts';
import { PlaybookError } from '#core/failure.ts';
import { addressProblem } from '#core/mail-address.ts';
import { auditRequest } from '#records/audit/audit-request.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { withNotice } from '#console/view/frame/notices.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { formOf } from '#console/access/form.ts';
import { seededPeople, type SeededPeople } from '#console/view/records/seeded-people.ts';
import { findPlaybook } from './load-playbook-view.ts';
import { outsideEffects } from './outside-effects.ts';
import { stateOf } from '#console/view/records/playbook-state.tsx';
import { checkRun, emptyDraft, RunForm, type CheckedRun, type RunDraft, type RunProblems } from './run-draft.ts';
import { RunPage } from './run-page.tsx';

type PageContext = Context<ConsoleEnv>;
type Checked = Extract<CheckedRun, { readonly ok: true }>;

const NOTHING_WRONG: RunProblems = { whole: [], inputs: {}, address: undefined };

/** `/playbooks/{id}/run`: the form that runs a playbook now. Reads at most 3 documents beside those of the frame. */
export function runRoutes(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/playbooks/:id/run', allow('run_playbook'), async (c) => {
      const record = await findPlaybook(world.documents, c.req.param('id'));
      if (record === undefined) return noPlaybook(c, world);
      return form(c, world, { record, draft: emptyDraft(record, world.newId()), problems: NOTHING_WRONG, status: 200 });
    })
    .post('/playbooks/:id/run', allow('run_playbook'), (c) => run(c, world));
}

async function run(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const draft = await formOf(c, RunForm);
  const record = await findPlaybook(world.documents, c.req.param('id') ?? '');
  if (record === undefined) return noPlaybook(c, world);
  if (!(await wouldRun(record, world))) return form(c, world, { record, draft, problems: NOTHING_WRONG, status: 409 });

  const people = await seededPeople(world);
  const checked = checkRun(record, draft, { ownAddress: ownAddress(c, people), ...people });
  if (!checked.ok) return form(c, world, { record, draft, problems: checked.problems, status: 400 });
  try {
    await request(c, world, { record, draft, checked });
  } catch (thrown) {
    const status = thrown instanceof PlaybookError ? REFUSALS[thrown.code] : undefined;
    if (!(thrown instanceof PlaybookError) || status === undefined) throw thrown;
    return form(c, world, { record, draft, problems: { ...NOTHING_WRONG, whole: [thrown.message] }, status });
  }
  const id = manualExecutionId(record.id, draft.requestId);
  return c.redirect(withNotice(executionHref(id), 'requested'), 303);
}

/** What the form says, so that it can be sent again as it is: it asks for the same execution. */
const REFUSALS: Partial<Record<PlaybookError['code'], 400 | 503>> = {
  input_invalid: 400,
  unavailable: 503,
  unconfigured: 503,
};

async function request(
  c: PageContext,
  world: ConsoleWorld,
  {
    record,
    draft: { requestId, inputs },
    checked,
  }: { readonly record: PlaybookRecord; readonly draft: RunDraft; readonly checked: Checked },
): Promise<void> {
  const { email, role } = c.var.person;
  const { onlyTo } = checked;
  const given = Object.keys(inputs).filter((name) => inputs[name] !== '');
  await auditRequest(
    world,
    { email, role },
    { playbookId: record.id, playbookName: record.name, requestId, inputs: given, onlyTo },
  );
  await world.requestExecution({ playbookId: record.id, requestId, by: email, inputs: checked.inputs, onlyTo });
}

interface FormState {
  readonly record: PlaybookRecord;
  readonly draft: RunDraft;
  readonly problems: RunProblems;
  readonly status: 200 | 400 | 409 | 503;
}

async function form(c: PageContext, world: ConsoleWorld, state: FormState): Promise<Response> {
  const { record, status, ...shown } = state;
  const [people, control] = await Promise.all([seededPeople(world), world.loadControl()]);
  const view = {
    ...shown,
    record,
    control,
    ownAddress: ownAddress(c, people),
    allowedRecipients: people.allowedRecipients,
    effects: outsideEffects(record.definition, people.roles, world.catalog),
    csrfToken: c.var.csrfToken,
    time: { now: world.clock.now(), timeZone: c.var.timeZone },
  };
  const title = `Run ${shownText(record.name, 80)}`;
  return show(c, world, { title, section: 'playbooks', main: <RunPage view={view} /> }, status);
}

/** Whether the runner would run it, and not only record that it was skipped. */
async function wouldRun(record: PlaybookRecord, world: ConsoleWorld): Promise<boolean> {
  return stateOf(record, world.clock.now()).kind === 'enabled' && (await world.loadControl()).mode === 'run';
}

function ownAddress(c: PageContext, { allowedRecipients }: SeededPeople): string | undefined {
  const { email } = c.var.person;
  return addressProblem(email, allowedRecipients) === undefined ? email : undefined;
}

function noPlaybook(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const id = shownText(c.req.param('id') ?? '', 100);
  return notFoundPage(c, world, `There is no playbook ${id} in the database.`);
}
