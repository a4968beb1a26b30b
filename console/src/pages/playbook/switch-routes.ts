import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { pausePlaybook, resumePlaybook, setEnabled } from '#records/playbooks/playbook-switches.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import type { Action } from '#console/access/roles.ts';
import { withNotice, type Notice } from '#console/view/frame/notices.ts';
import { instantOfWallTime, wallTimeOf } from '#console/view/elements/wall-time.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { formOf, TextField } from '#console/access/form.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import type { Switch, SwitchDraft, SwitchRefusal } from './playbook-view.ts';
import { PAUSE_ENDS } from './switches.tsx';

type PageContext = Context<ConsoleEnv>;

const MINUTE_MS = 60_000;

const Draft = z.object({
  reason: TextField.default(''),
  end: z.string().default(''),
  until: z.string().default(''),
});

/** One switch: the action that a role needs, and the notice afterwards. */
interface Deed {
  readonly action: Action;
  readonly notice: Notice;
}

const DEEDS: Readonly<Record<Switch, Deed>> = {
  pause: { action: 'pause_playbook', notice: 'paused' },
  resume: { action: 'pause_playbook', notice: 'resumed' },
  enable: { action: 'switch_playbook', notice: 'enabled' },
  disable: { action: 'switch_playbook', notice: 'disabled' },
};

const SWITCHES: readonly Switch[] = ['pause', 'resume', 'enable', 'disable'];

/**
 * The addresses that switch a playbook. A refusal that the person can fix is shown by `refuse`, with what they wrote.
 */
export function switchRoutes(
  world: ConsoleWorld,
  refuse: (c: PageContext, refused: SwitchRefusal) => Promise<Response>,
): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  for (const name of SWITCHES) {
    const { action, notice } = DEEDS[name];
    app.post(`/playbooks/:id/${name}`, allow(action), async (c) => {
      const written = await formOf(c, Draft);
      try {
        await perform(name, written, c, world);
      } catch (thrown) {
        if (!(thrown instanceof PlaybookError) || !['input_invalid', 'rejected'].includes(thrown.code)) throw thrown;
        return refuse(c, { message: thrown.message, switch: name, written });
      }
      return c.redirect(withNotice(playbookHref(c.req.param('id')), notice), 303);
    });
    // Reloading the page of a refused form leads to the playbook, and does nothing.
    app.get(`/playbooks/:id/${name}`, (c) => c.redirect(playbookHref(c.req.param('id')), 303));
  }
  return app;
}

async function perform(name: Switch, written: SwitchDraft, c: PageContext, world: ConsoleWorld): Promise<void> {
  const { email, role } = c.var.person;
  const [actor, playbookId, { reason }] = [{ email, role }, c.req.param('id') ?? '', written];
  switch (name) {
    case 'pause': {
      const until = endOf(written, world.clock.now(), c.var.timeZone);
      await pausePlaybook(world, actor, { playbookId, reason, until });
      return;
    }
    case 'resume':
      await resumePlaybook(world, actor, { playbookId });
      return;
    case 'enable':
    case 'disable':
      await setEnabled(world, actor, { playbookId, enabled: name === 'enable', reason });
  }
}

/** When the pause ends; null: when somebody resumes it. Throws `input_invalid`. */
function endOf({ end, until }: SwitchDraft, now: Date, timeZone: string): Date | null {
  // To the minute, so that a form that is sent twice says the same.
  const minute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  switch (end) {
    case 'hour':
      return new Date(minute + 60 * MINUTE_MS);
    case 'week':
      return new Date(minute + 7 * DAY_MS);
    case 'morning':
      return morningAfter(now, timeZone);
    case 'resumed':
      return null;
    case 'at': {
      const instant = instantOfWallTime(until, timeZone);
      if (instant !== undefined) return instant;
      throw new PlaybookError('input_invalid', 'Enter the day and time at which the playbook resumes.');
    }
    default:
      throw new PlaybookError(
        'input_invalid',
        `Unknown end of a pause. Choose one of ${Object.keys(PAUSE_ENDS).join(', ')}.`,
      );
  }
}

/** 9:00 of the reader's next day. */
function morningAfter(now: Date, timeZone: string): Date {
  const today = wallTimeOf(now, timeZone).slice(0, 10);
  const tomorrow = new Date(Date.parse(`${today}T00:00:00.000Z`) + DAY_MS).toISOString().slice(0, 10);
  return instantOfWallTime(`${tomorrow}T09:00`, timeZone) ?? new Date(now.getTime() + DAY_MS);
}
