import { Identifier } from '../engine/playbook.ts';
import { slotOf } from '../engine/schedule.ts';
import { BadCall } from './request.ts';
import type { RunnerRequest } from './request.ts';

/** What a call asks for: a playbook, and the due instant it is called for (null: by hand, now). */
export interface Delivery {
  readonly playbookId: string;
  readonly slot: Date | null;
  readonly jobName: string | undefined;
}

/** Larger bodies are refused, whatever they hold. */
export const MAX_BODY_BYTES = 64 * 1024;
const MAX_FUTURE_MS = 5 * 60 * 1000;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Reads a call. Throws `BadCall` with what is wrong and what would be right. */
export function readDelivery(request: RunnerRequest, now: Date): Delivery {
  checkBody(request);
  return {
    playbookId: playbookIdOf(request.query),
    slot: dueSlot(header(request, 'x-cloudscheduler-scheduletime'), now),
    jobName: header(request, 'x-cloudscheduler-jobname'),
  };
}

function playbookIdOf(query: URLSearchParams): string {
  for (const name of query.keys()) {
    if (name !== 'playbookId')
      throw new BadCall(400, `There is no parameter ${printable(name)}; the only one is playbookId.`);
  }
  const [id, ...more] = query.getAll('playbookId');
  if (id === undefined || more.length > 0)
    throw new BadCall(400, 'The parameter playbookId must be given exactly once.');
  const parsed = Identifier.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new BadCall(
    400,
    `The playbookId ${printable(id)} is not one: it must be small letters, digits and _, at most 64.`,
  );
}

/** The slot that the schedule meant: Cloud Scheduler may call late, the slot does not move. */
function dueSlot(scheduleTime: string | undefined, now: Date): Date | null {
  if (scheduleTime === undefined) return null;
  const instant = new Date(scheduleTime);
  if (!RFC_3339.test(scheduleTime) || Number.isNaN(instant.getTime()) || !isDay(scheduleTime.slice(0, 10))) {
    throw new BadCall(400, `X-CloudScheduler-ScheduleTime must be an RFC 3339 instant, like ${now.toISOString()}.`);
  }
  if (instant.getTime() - now.getTime() > MAX_FUTURE_MS) {
    throw new BadCall(400, 'X-CloudScheduler-ScheduleTime lies more than 5 minutes in the future.');
  }
  return slotOf(instant);
}

/** `new Date` makes 3 March of 31 February; a slot must not be moved silently. */
function isDay(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

function header(request: RunnerRequest, name: string): string | undefined {
  const values = request.headers[name] ?? [];
  if (values.length > 1) throw new BadCall(400, `The header ${name} must not be repeated.`);
  return values[0];
}

/** The body says nothing to us; what is there all the same must be harmless. */
function checkBody({ body }: RunnerRequest): void {
  if (body.byteLength > MAX_BODY_BYTES) throw new BadCall(413, `The body must not exceed ${MAX_BODY_BYTES} bytes.`);
  const text = new TextDecoder().decode(body).trim();
  if (text === '' || /^\{\s*\}$/.test(text)) return;
  throw new BadCall(400, 'The body must be empty or {}: what is to run is named by the parameter playbookId.');
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80).toWellFormed());
}
