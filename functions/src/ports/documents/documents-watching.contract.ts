import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Opened } from './opened-documents.contract.ts';
import type { Documents, Query } from './documents.ts';

/** What the contract says about watch. */
export function describeWatching(opened: Opened): void {
  describe('watching', () => {
    test('a watcher sees what is there, then its own and other connections’ writes, in the order of the query', async () => {
      const collection = `contract_${randomUUID()}`;
      await opened.documents.commit([{ kind: 'create', path: `${collection}/a`, data: { n: 1 } }]);
      const watch = watched(opened.documents, { collection, orderBy: [{ field: 'n', direction: 'desc' }] });
      await watch.until('a1');
      await opened.documents.commit([{ kind: 'create', path: `${collection}/b`, data: { n: 2 } }]);
      await watch.until('b2 a1');
      await opened.other.commit([{ kind: 'set', path: `${collection}/a`, data: { n: 3 } }]);
      await watch.until('a3 b2');
      await opened.other.commit([{ kind: 'delete', path: `${collection}/b` }]);
      await watch.until('a3');
      watch.stop();
      expect(watch.answers).toEqual(['a1', 'b2 a1', 'a3 b2', 'a3']);
    });

    test('a watcher of nothing is told of nothing', async () => {
      const watch = watched(opened.documents, { collection: `contract_${randomUUID()}` });
      await watch.until('');
      watch.stop();
      expect(watch.answers).toEqual(['']);
    });

    test('a write that the query does not concern is not told', async () => {
      const collection = `contract_${randomUUID()}`;
      const query: Query = { collection, where: [{ field: 'n', op: '==', value: 1 }] };
      const watch = watched(opened.documents, query);
      await watch.until('');
      await opened.documents.commit([{ kind: 'create', path: `${collection}/x`, data: { n: 2 } }]);
      await opened.documents.commit([{ kind: 'create', path: `${collection}/y`, data: { n: 1 } }]);
      await watch.until('y1');
      expect(watch.answers).toEqual(['', 'y1']);
      watch.stop();
    });

    test('a watcher that was stopped is told nothing more', async () => {
      const collection = `contract_${randomUUID()}`;
      const stopped = watched(opened.documents, { collection });
      const running = watched(opened.documents, { collection });
      await stopped.until('');
      await running.until('');
      stopped.stop();
      await opened.documents.commit([{ kind: 'create', path: `${collection}/a`, data: { n: 1 } }]);
      await running.until('a1');
      expect(stopped.answers).toEqual(['']);
      running.stop();
    });
  });
}

interface Watched {
  readonly answers: readonly string[];
  /** Resolves as soon as the latest answer is `expected`: `id` and `n` of each document, with spaces between. */
  until(expected: string): Promise<void>;
  stop(): void;
}

function watched(documents: Documents, query: Query): Watched {
  const answers: string[] = [];
  let look = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const stop = documents.watch(
    query,
    (found) => {
      answers.push(found.map(({ id, data }) => `${id}${JSON.stringify(data['n'])}`).join(' '));
      look();
    },
    (error) => fail(error),
  );
  return {
    answers,
    stop,
    until: (expected) =>
      new Promise((resolve, reject) => {
        fail = reject;
        look = () => {
          if (answers.at(-1) === expected) resolve();
        };
        look();
      }),
  };
}
