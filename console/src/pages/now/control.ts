import { Hono } from 'hono';
import { changeControl } from '#records/settings/control.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { withNotice } from '#console/view/frame/notices.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import { ControlForm, controlRequest } from './control-form.ts';
import { formOf } from '#console/access/form.ts';

/** `POST /control`: pauses or resumes all playbooks. The form is on Now. */
export function controlPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.post('/control', allow('change_control'), async (c) => {
    const { email, role } = c.var.person;
    const form = await formOf(c, ControlForm);
    await changeControl(world, { email, role }, controlRequest(form, world.clock.now()));
    return c.redirect(withNotice('/', 'control'), 303);
  });
  app.get('/control', (c) => c.redirect('/#control', 303));
  return app;
}
