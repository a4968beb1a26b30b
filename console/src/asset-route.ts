import { Hono } from 'hono';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TYPES = {
  'style.css': 'text/css; charset=utf-8',
  'client.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** Serves the few files of the build from memory: `GET /assets/…`. Throws when one of them is not there. */
export function assetRoute(directory: string): Hono {
  const route = new Hono();
  for (const [name, type] of Object.entries(TYPES)) {
    const content = new Uint8Array(readFileSync(join(directory, name)));
    route.get(`/assets/${name}`, (c) => {
      const isPinned = c.req.query('v') !== undefined;
      return c.body(content, 200, {
        'content-type': type,
        'cache-control': isPinned ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    });
  }
  return route;
}
