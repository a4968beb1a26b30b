import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import type { ConsoleEnv } from './world/console-env.ts';
import { assetRoute } from './asset-route.ts';
import type { Hub } from './live/hub.ts';
import { liveRoute } from './live/live-route.ts';
import { errorPage, notFoundPage } from './view/frame/error-page.tsx';
import { PAGES } from './pages/index.ts';
import type { ConsoleWorld } from './world/world.ts';

/** What the console is made of. */
export interface ConsoleParts {
  readonly world: ConsoleWorld;
  readonly hub: Hub;
  readonly assetsDirectory: string;
  /** What browsers may do with any answer (access/security-headers.ts). */
  readonly headers: MiddlewareHandler;
  /** Puts the entrance before all that is added to the app after it (access/guard.ts). */
  enter(app: Hono<ConsoleEnv>): void;
}

/** The console as one handler of requests: `fetch(request) → Response`. */
export function createConsole({ world, hub, assetsDirectory, headers, enter }: ConsoleParts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.onError((thrown, c) => errorPage(thrown, c, world));
  app.notFound((c) => {
    const bare = c.req.method === 'GET' ? withoutLastSlash(new URL(c.req.url)) : undefined;
    return bare === undefined ? notFoundPage(c, world) : c.redirect(bare, 301);
  });
  app.use(headers);
  app.get('/healthz', (c) => c.text('ok'));
  app.use(compress());
  app.route('/', assetRoute(assetsDirectory));
  enter(app);
  app.route('/', liveRoute(hub, world.clock));
  for (const page of PAGES) app.route('/', page(world));
  return app;
}

/** `/executions/` is meant for `/executions`. What begins with two slashes would lead to another host. */
function withoutLastSlash({ pathname, search }: URL): string | undefined {
  const path = /^(\/(?!\/).*[^/])\/+$/.exec(pathname)?.[1];
  return path === undefined ? undefined : path + search;
}
