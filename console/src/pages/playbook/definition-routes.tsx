import { Hono, type Context } from 'hono';
import { listVersions, loadVersionSource, type VersionSource } from '#records/playbooks/playbooks.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { show } from '#console/view/frame/frame.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import type { ConsoleWorld } from '#console/world/world.ts';
import { notFoundPage } from '#console/view/frame/error-page.tsx';
import { DefinitionPage } from './definition-page.tsx';
import { ifReadable } from '#console/view/frame/part.ts';
import { findPlaybook } from './load-playbook-view.ts';

type PageContext = Context<ConsoleEnv>;

const VERSIONS_SHOWN = 20;
/** Nothing else can be the id of a playbook or of a version, whatever an address says. */
const ID = /^[a-z0-9][\w-]{0,127}$/i;

/** `/playbooks/{id}/definition`: any version, or the difference of two. Reads at most 24 documents beside those of the frame. */
export function definitionRoutes(world: ConsoleWorld): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/playbooks/:id/definition', (c) => definition(c, world))
    .get('/playbooks/:id/definition.yaml', allow('export'), (c) => download(c, world));
}

async function definition(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const { documents } = world;
  const [record, listed] = await Promise.all([
    findPlaybook(documents, id),
    ID.test(id) ? ifReadable(listVersions(documents, id, VERSIONS_SHOWN + 1)) : [],
  ]);
  if (record === undefined) return noPlaybook(c, world, id);

  const asked = { version: c.req.query('version') ?? record.version, against: c.req.query('against') || undefined };
  const find = async (version: string): Promise<VersionSource | undefined> =>
    listed?.find((known) => known.version === version) ?? loadSource(world, id, version);
  const [shown, against] = await Promise.all([
    find(asked.version),
    asked.against === undefined ? undefined : find(asked.against),
  ]);
  if (shown === undefined && asked.version !== record.version) return noVersion(c, world, asked.version);
  if (against === undefined && asked.against !== undefined) return noVersion(c, world, asked.against);

  const time = { now: world.clock.now(), timeZone: c.var.timeZone };
  const versions = listed?.slice(0, VERSIONS_SHOWN);
  const hasOlder = (listed?.length ?? 0) > VERSIONS_SHOWN;
  return show(c, world, {
    title: `Definition of ${shownText(record.name, 80)}`,
    section: 'playbooks',
    main: <DefinitionPage view={{ record, versions, hasOlder, shown, against, time }} />,
  });
}

async function download(c: PageContext, world: ConsoleWorld): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const version = c.req.query('version') ?? '';
  const source = ID.test(id) ? await loadSource(world, id, version) : undefined;
  if (source === undefined) return noVersion(c, world, version);
  return c.body(source.source, 200, {
    'content-type': 'application/yaml; charset=utf-8',
    'content-disposition': `attachment; filename="${id.replaceAll(/[^\w.-]+/g, '_').slice(0, 100)}.yaml"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}

async function loadSource(
  { documents }: ConsoleWorld,
  id: string,
  version: string,
): Promise<VersionSource | undefined> {
  return ID.test(version) ? ifReadable(loadVersionSource(documents, id, version)) : undefined;
}

function noPlaybook(c: PageContext, world: ConsoleWorld, id: string): Promise<Response> {
  return notFoundPage(c, world, `There is no playbook ${shownText(id, 100)} in the database.`);
}

function noVersion(c: PageContext, world: ConsoleWorld, version: string): Promise<Response> {
  return notFoundPage(c, world, `There is no version ${shownText(version, 100)} of this playbook.`);
}
