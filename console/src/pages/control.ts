import { Hono } from 'hono';
import { changeControl } from '../../../functions/src/records/control.ts';
import { allow } from '../access/allow.ts';
import type { ConsoleEnv } from '../access/console-env.ts';
import { withNotice } from '../view/notices.ts';
import type { ConsoleWorld } from '../world.ts';
import { ControlForm, controlRequest } from './control/control-form.ts';
import { formOf } from './form.ts';

/** `POST /control`: holds all playbooks, or lets them run. The form stands on Now. */
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
