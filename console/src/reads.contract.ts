import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Documents } from '#ports/documents/documents.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { changeWorld } from '#testing/builders/change-world.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { storeBusyRecords } from './testing/busy-records.ts';
import { consolePaths } from './testing/console-paths.ts';
import { openTestConsole, TEST_PERSON, type TestConsole } from './testing/test-console.ts';

const MOST_READS = 60;
const FILL_TIMEOUT_MS = 60_000;
/** More of everything than any page shows. */
const MUCH = { playbooks: 45, executions: 400, stepsEach: 3, outputChars: 100, threads: 140, versions: 45 } as const;
const AUDIT_ENTRIES = 70;

/** How many documents each page reads, on any database that holds much. */
export function describeReads(openDocuments: () => Documents): void {
  describe('A page', () => {
    let documents: CountedDocuments;
    let opened: TestConsole;
    let paths: readonly string[];

    beforeAll(async () => {
      documents = countedDocuments(openDocuments());
      opened = await openTestConsole({ documents });
      const shown = await storeBusyRecords(documents, opened.clock.now(), MUCH);
      for (let index = 0; index < AUDIT_ENTRIES; index += 1) {
        await appendAudit(changeWorld(documents), TEST_PERSON, {
          action: 'playbook_paused',
          target: { kind: 'playbook', id: shown.threadIds[0] ?? '' },
        });
      }
      const [playbook = ''] = shown.playbookIds;
      const [thread = ''] = shown.threadIds;
      paths = [
        ...consolePaths(shown),
        `/playbooks/${playbook}/run`,
        `/playbooks/${playbook}/definition`,
        `/inbox/${thread}/modify`,
        '/executions?label=area=none',
        '/executions?agent=linus&status=succeeded',
      ];
    }, FILL_TIMEOUT_MS);
    afterAll(() => opened.close());

    test(
      `reads at most ${MOST_READS} documents, whatever there is and whatever is filtered`,
      async () => {
        const reads: Record<string, number> = {};
        for (const path of paths) {
          documents.reset();
          const response = await opened.get(path);
          expect([path, response.status]).toEqual([path, 200]);
          reads[path] = documents.counts().reads;
        }
        expect(Object.entries(reads).filter(([, count]) => count > MOST_READS)).toEqual([]);
      },
      FILL_TIMEOUT_MS,
    );

    test('shows what there is, so that it is counted', async () => {
      documents.reset();
      await opened.get('/executions');
      expect(documents.counts().reads).toBeGreaterThan(20);
    });
  });
}
