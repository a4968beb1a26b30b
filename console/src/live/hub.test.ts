import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { openHub } from './hub.ts';
import { queriesOf } from './topics.ts';

const GATHER_MS = 150;
/** Longer than the database takes to look for changes. */
const LOOK_MS = 250;

let clock = fakeClock();
let documents: Documents;

beforeEach(() => {
  clock = fakeClock();
  documents = sqliteDocuments({ file: ':memory:', clock });
});
afterEach(() => documents.close());

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(LOOK_MS);
  clock.advance(GATHER_MS);
}

const writeNotification = (id: string, subject = 'x') =>
  documents.commit([{ kind: 'set', path: `playbook_notifications/${id}`, data: { createdAt: clock.now(), subject } }]);

describe('the hub', () => {
  test('tells a listener what there is when it comes, and then of each change', async () => {
    const heard: boolean[] = [];
    const hub = openHub(documents, clock);
    hub.subscribe('notifications', ({ first }) => heard.push(first));
    await settled();
    await writeNotification('a');
    await settled();

    expect(heard).toEqual([true, false]);
    hub.close();
  });

  test('watches a topic once, however many listen, and stops with the last of them', async () => {
    const hub = openHub(documents, clock);
    const stops = [1, 2, 3].map(() => hub.subscribe('notifications', () => undefined));
    hub.subscribe('audit', () => undefined)?.();
    expect(hub.topics).toBe(1);
    for (const stop of stops) stop?.();
    expect(hub.topics).toBe(0);
  });

  test('tells of many changes at once a single time', async () => {
    const heard: boolean[] = [];
    const hub = openHub(documents, clock);
    hub.subscribe('notifications', ({ first }) => heard.push(first));
    await settled();
    for (const id of ['a', 'b', 'c']) await writeNotification(id);
    await settled();

    expect(heard).toEqual([true, false]);
    hub.close();
  });

  test('tells who comes late when the newest document was written', async () => {
    await writeNotification('a');
    const hub = openHub(documents, clock);
    hub.subscribe('notifications', () => undefined);
    await settled();
    const newest: number[] = [];
    hub.subscribe('notifications', ({ newestMs }) => newest.push(newestMs));

    expect(newest).toEqual([expect.any(Number)]);
    expect(newest[0]).toBeGreaterThan(0);
    hub.close();
  });

  test('begins a watch again that the database ended', () => {
    let watches = 0;
    const failing: Pick<Documents, 'watch'> = {
      watch(_query, next, failed) {
        watches += 1;
        if (watches === 1) failed(new DocumentsError('unavailable', 'gone'));
        else next([]);
        return () => undefined;
      },
    };
    const heard: boolean[] = [];
    const hub = openHub(failing, clock);
    hub.subscribe('audit', ({ first }) => heard.push(first));
    expect(heard).toEqual([]);
    clock.advance(5_000);

    expect(heard).toEqual([true]);
  });
});

describe('a topic', () => {
  test.each(['now', 'executions', 'playbooks', 'inbox', 'health', 'notifications', 'audit'])(
    '%s is watched',
    (topic) => {
      expect(queriesOf(topic)).not.toEqual([]);
    },
  );

  test('of one thing names it', () => {
    expect(queriesOf('execution/ops_daily_20261121T140000Z')).toEqual([
      expect.objectContaining({ where: [{ field: 'id', op: '==', value: 'ops_daily_20261121T140000Z' }] }),
    ]);
  });

  test.each(['', 'constructor', 'users', 'execution/../x', 'execution/a b', `execution/${'x'.repeat(301)}`, 'NOW'])(
    '%s does not exist',
    (topic) => {
      expect(queriesOf(topic)).toBeUndefined();
    },
  );
});
