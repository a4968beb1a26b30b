import { Hono } from 'hono';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { AuditPage } from './audit-page.tsx';
import { AuditWish } from './audit-wish.ts';
import { loadAudit } from './load-audit.ts';

/** `/audit`: what people did, and whether the log is intact. Reads at most 54 documents besides those of the frame. */
export function auditPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/audit', async (c) => {
    const wish = AuditWish.parse(c.req.query());
    const view = await loadAudit(world, wish);
    const time = { now: world.clock.now(), timeZone: c.var.timeZone };
    return show(c, world, {
      title: 'Audit log',
      section: 'audit',
      live: 'audit',
      main: <AuditPage wish={wish} view={view} time={time} />,
    });
  });
}
