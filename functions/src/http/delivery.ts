import { cut } from '#core/cut.ts';
import { Identifier } from '#language/playbook/field-schemas.ts';
import { PlaybookError } from '#core/failure.ts';
import { slotOf } from '#language/playbook/schedule.ts';
import type { DueSlot } from '#records/executions/execution-request.ts';
import { readManualStart, type ManualStart } from '#records/executions/manual-start.ts';
import { BadCall, type RunnerRequest } from './request.ts';
import { readStrictJson } from './strict-json.ts';

/** What a call requests: a playbook, for the due slot, or a manual start now. */
export type Delivery =
  | (DueSlot & { readonly kind: 'schedule'; readonly playbookId: string })
  | { readonly kind: 'manual'; readonly playbookId: string; readonly start: ManualStart };

/** Larger bodies are refused, whatever they contain. */
export const MAX_BODY_BYTES = 64 * 1024;
const MAX_FUTURE_MS = 5 * 60 * 1000;
/** No schedule is older, and years before 1000 do not fit into an execution id. */
const EARLIEST_SLOT = new Date('2000-01-01T00:00:00Z');
/** 24:00 would be a slot of the next day. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const SCHEDULER_HEADER = /^x-cloudscheduler(-|$)/;

/** Reads a call, its body last. Throws `BadCall` with what is wrong and what is expected. */
export async function readDelivery(request: RunnerRequest, now: Date): Promise<Delivery> {
  const playbookId = playbookIdOf(request.query);
  const slot = dueSlot(request, now);
  const jobName = header(request, 'x-cloudscheduler-jobname');
  const said = textOf(await request.body());
  if (slot === null) return { kind: 'manual', playbookId, start: startOf(said) };
  if (!/^(\{\s*\})?$/.test(said)) {
    throw new BadCall(
      400,
      'The body of a scheduled call must be empty or {}: the parameter playbookId names the playbook to run.',
    );
  }
  return { kind: 'schedule', playbookId, slot, jobName };
}

function playbookIdOf(query: URLSearchParams): string {
  for (const name of query.keys()) {
    if (name !== 'playbookId')
      throw new BadCall(400, `Unknown parameter ${printable(name)}; the only one is playbookId.`);
  }
  const [id, ...more] = query.getAll('playbookId');
  if (id === undefined || more.length > 0)
    throw new BadCall(400, 'The parameter playbookId must be given exactly once.');
  const parsed = Identifier.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new BadCall(
    400,
    `The playbookId ${printable(id)} is invalid: it must be lowercase letters, digits and _, at most 64.`,
  );
}

/**
 * The scheduled slot, which does not move if Cloud Scheduler calls late. Null for a manual call; a job's call without
 * its time would run again with each repetition.
 */
function dueSlot(request: RunnerRequest, now: Date): Date | null {
  const scheduleTime = header(request, 'x-cloudscheduler-scheduletime');
  if (scheduleTime === undefined) {
    const own = Object.keys(request.headers).find((name) => SCHEDULER_HEADER.test(name));
    if (own === undefined) return null;
    throw new BadCall(
      400,
      `The call has the header ${own} but no X-CloudScheduler-ScheduleTime, so its slot is unknown. Send the instant at which ` +
        `it is due, like ${now.toISOString()}; or, to start the playbook manually, send no X-CloudScheduler headers.`,
      { code: 'schedule_time_missing' },
    );
  }
  const instant = new Date(scheduleTime);
  if (!RFC_3339.test(scheduleTime) || Number.isNaN(instant.getTime()) || !isDay(scheduleTime.slice(0, 10))) {
    throw new BadCall(400, `X-CloudScheduler-ScheduleTime must be an RFC 3339 instant, like ${now.toISOString()}.`);
  }
  if (instant.getTime() - now.getTime() > MAX_FUTURE_MS) {
    throw new BadCall(400, 'X-CloudScheduler-ScheduleTime is more than 5 minutes in the future.');
  }
  if (instant < EARLIEST_SLOT) throw new BadCall(400, 'X-CloudScheduler-ScheduleTime is before the year 2000.');
  return slotOf(instant);
}

/** `new Date` turns 31 February into 3 March; a slot must not be moved silently. */
function isDay(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

function header(request: RunnerRequest, name: string): string | undefined {
  const values = request.headers[name] ?? [];
  if (values.length > 1) throw new BadCall(400, `The header ${name} must not be repeated.`);
  return values[0];
}

function textOf(body: Uint8Array): string {
  if (body.byteLength > MAX_BODY_BYTES) throw new BadCall(413, `The body must not exceed ${MAX_BODY_BYTES} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body).trim();
  } catch {
    throw new BadCall(400, 'The body must be text in UTF-8, not compressed.');
  }
}

const EXAMPLE = '{"requestId":"0f8fad5b-d9cb","by":"ann@example.com","inputs":{"days":7},"onlyTo":"ann@example.com"}';

function startOf(said: string): ManualStart {
  if (said === '') return {};
  const json = readStrictJson(said);
  if (!json.ok) throw wrongBody(json.problem);
  try {
    return readManualStart(json.value);
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError)) throw thrown;
    throw wrongBody(thrown.message);
  }
}

function wrongBody(problem: string): BadCall {
  return new BadCall(400, `The body is invalid. ${problem} A manual start accepts ${EXAMPLE}, or nothing.`);
}

function printable(text: string): string {
  return JSON.stringify(cut(text, 80));
}
