import { Hono } from 'hono';
import { loadIntegrationHealth } from '#records/health/integration-health.ts';
import { listThreads } from '#records/threads/thread-queries.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { HealthPage } from './health-page.tsx';
import { windowOf } from './health-window.ts';
import { knownIntegrations } from '#console/view/records/known-integrations.ts';
import { partOf } from '#console/view/frame/part.ts';

const INCIDENTS = 10;

/** `/health`: how every integration is and was, and the incidents. Reads at most 24 documents beside that of the frame. */
export function healthPages(world: ConsoleWorld): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/health', async (c) => {
    const { documents, settings, clock } = world;
    const now = clock.now();
    const [listed, open, recent] = await Promise.all([
      partOf(Promise.all([settings.integrations(), loadIntegrationHealth(documents, now)])),
      listThreads(documents, { kind: 'incident', state: 'open' }, { limit: INCIDENTS }),
      listThreads(documents, { kind: 'incident' }, { limit: INCIDENTS }),
    ]);
    const integrations =
      listed.kind === 'found' ? knownIntegrations(listed.value[0].integrations, listed.value[1]) : [];
    return show(c, world, {
      title: 'Health',
      section: 'health',
      live: 'health',
      main: (
        <HealthPage
          integrations={integrations}
          problem={listed}
          incidents={{ open, recent }}
          window={windowOf(c.req.query('window'))}
          time={{ now, timeZone: c.var.timeZone }}
        />
      ),
    });
  });
  return app;
}
