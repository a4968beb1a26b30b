import { z } from 'zod';
import { durationMs } from '#core/duration.ts';
import type { ControlRequest } from '#records/settings/control.ts';
import { TextField } from '#console/access/form.ts';

/** The ways to pause all playbooks: as a choice, as a state, and when to choose it. */
export const HOLDS = {
  drain: { name: 'Drain', state: 'Drained', means: 'before a deployment' },
  maintenance: { name: 'Maintenance', state: 'Maintenance', means: 'while systems they use are being worked on' },
  halt: { name: 'Halt', state: 'Halted', means: 'when something is wrong' },
} as const;

/** How long a pause may last, as durations are written. */
export const HOLD_TIMES = {
  '': 'Until someone resumes them',
  '30m': '30 minutes',
  '1h': '1 hour',
  '4h': '4 hours',
  '12h': '12 hours',
  '1d': '1 day',
  '3d': '3 days',
  '7d': '7 days',
} as const;

/** The form that pauses or resumes all playbooks. */
export const ControlForm = z.object({
  mode: z.enum(['run', 'drain', 'maintenance', 'halt']),
  reason: TextField.default(''),
  for: z.enum(['', '30m', '1h', '4h', '12h', '1d', '3d', '7d']).default(''),
});

/** The change that a form sent at `now` asks for. */
export function controlRequest(form: z.infer<typeof ControlForm>, now: Date): ControlRequest {
  const until = form.for === '' ? null : new Date(now.getTime() + durationMs(form.for));
  return { mode: form.mode, reason: form.reason, until };
}
