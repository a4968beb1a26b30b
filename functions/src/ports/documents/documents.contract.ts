import { afterAll, beforeAll, describe } from 'vitest';
import { describeLimits } from './documents-limits.contract.ts';
import { describeMerging } from './documents-merging.contract.ts';
import { describeQueries } from './documents-queries.contract.ts';
import { describeRefusals } from './documents-refusals.contract.ts';
import { describeSelecting } from './documents-selecting.contract.ts';
import { describeWatching } from './documents-watching.contract.ts';
import { describeWrites } from './documents-writes.contract.ts';
import type { Documents } from './documents.ts';
import type { Opened } from './opened-documents.contract.ts';

/**
 * The one suite that every documents port passes. `open` opens a new connection to always the same database, which need
 * not be empty: each test works in a collection of its own.
 */
export function describeDocuments(name: string, open: () => Promise<Documents>): void {
  describe.each([[name]])('%s', () => {
    const connections: Documents[] = [];
    const opened: Opened = {
      get documents() {
        return connectionAt(connections, 0);
      },
      get other() {
        return connectionAt(connections, 1);
      },
    };
    beforeAll(async () => {
      connections.push(await open(), await open());
    });
    afterAll(async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    });

    describeWrites(opened);
    describeMerging(opened);
    describeQueries(opened);
    describeSelecting(opened);
    describeRefusals(opened);
    describeWatching(opened);
    describeLimits(opened);
  });
}

function connectionAt(connections: readonly Documents[], index: number): Documents {
  const connection = connections[index];
  if (connection === undefined) throw new Error('The suite uses a connection before it was opened.');
  return connection;
}
