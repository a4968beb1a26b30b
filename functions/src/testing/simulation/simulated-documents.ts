import {
  DELETE_FIELD,
  DocumentsError,
  type DocumentData,
  type Documents,
  type DocumentValue,
  type MergeChange,
  type StoredDocument,
  type Write,
} from '#ports/documents/documents.ts';
import type { SimulatedProcess, SimulatedTime } from './simulated-time.ts';

/** How calls may fail, and how often: all the effects of lost replies and retrying clients. */
export interface Weather {
  readonly random: () => number;
  /** The share of calls with a fault, from 0 to 1. */
  readonly faultRate: () => number;
  /** Whether the database is unreachable at this moment. */
  readonly isOut: () => boolean;
  /** The approximate duration of a slow call. */
  readonly slowMs: number;
}

/** Called for every written document, with the process that wrote it. */
export type OnWritten = (by: SimulatedProcess, stored: StoredDocument) => void;

/** A database in simulated time, as each process sees it through its own bad connection. */
export interface SimulatedDatabase {
  seenBy(process: SimulatedProcess): Pick<Documents, 'get' | 'commit' | 'query'>;
  stored(path: string): StoredDocument | undefined;
  /** The documents of a collection. */
  below(collection: string): readonly StoredDocument[];
}

type Answer<T> = { readonly value: T } | { readonly error: unknown };

export function simulatedDatabase(time: SimulatedTime, weather: Weather, onWritten: OnWritten): SimulatedDatabase {
  const { random } = weather;
  const documents = new Map<string, StoredDocument>();
  let versions = 0;

  function apply(by: SimulatedProcess, writes: readonly Write[]): string {
    versions += 1;
    const now = new Date(time.nowMs());
    const written = writes.map((write) => {
      const data = dataAfter(write, documents.get(write.path));
      const id = write.path.slice(write.path.lastIndexOf('/') + 1);
      return { path: write.path, id, data, updateTime: String(versions), updatedAt: now, readAt: now };
    });
    // All or none: only now it is known that none is refused.
    for (const after of written) documents.set(after.path, after);
    for (const after of written) onWritten(by, after);
    return String(versions);
  }

  const latencyMs = (): number => (random() < 0.03 ? random() * weather.slowMs : 1 + random() * 20);

  /** Sends a call to the database and the answer back, or loses one of them on the way. */
  function call<T>(process: SimulatedProcess, action: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const reply = (answer: Answer<T>): void => {
      process.in(latencyMs(), () => ('value' in answer ? resolve(answer.value) : reject(answer.error)));
    };
    const fault = random() < weather.faultRate() ? Math.floor(random() * 4) : undefined;
    time.in(latencyMs(), () => {
      if (weather.isOut() || fault === 0) return reply(lost());
      // The caller gets a failure, and the call arrives long after it was noticed.
      if (fault === 1) {
        time.in(random() * 2 * weather.slowMs, () => answerOf(action));
        return reply(lost());
      }
      const answer = answerOf(action);
      if (fault === 2) return reply(lost());
      // The client lost the answer and internally sent the call again.
      return reply(fault === 3 ? answerOf(action) : answer);
    });
    return promise;
  }

  const below = (collection: string): readonly StoredDocument[] =>
    Array.from(documents.values()).filter(({ path }) => parentOf(path) === collection);

  return {
    below,
    stored: (path) => documents.get(path),
    seenBy: (process) => ({
      get: (path) =>
        call(process, () => {
          const stored = documents.get(path);
          return stored === undefined ? undefined : { ...stored, readAt: new Date(time.nowMs()) };
        }),
      commit: (writes) => call(process, () => apply(process, writes)),
      query: ({ collection }) => call(process, () => below(collection)),
    }),
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The message of the simulated database when it is out of reach. */
export const OUT_OF_REACH = 'The simulated database is out of reach.';

function lost<T>(): Answer<T> {
  return { error: new DocumentsError('unavailable', OUT_OF_REACH) };
}

function answerOf<T>(action: () => T): Answer<T> {
  try {
    return { value: action() };
  } catch (error) {
    if (!(error instanceof DocumentsError)) throw error;
    return { error };
  }
}

function dataAfter(write: Write, before: StoredDocument | undefined): DocumentData {
  switch (write.kind) {
    case 'create':
      if (before !== undefined) throw new DocumentsError('already_exists', `${write.path} exists.`);
      return write.data;
    case 'set':
      return write.data;
    case 'update': {
      if (before === undefined) throw new DocumentsError('not_found', `${write.path} does not exist.`);
      if (write.ifUpdateTime !== before.updateTime) throw new DocumentsError('conflict', `${write.path} has changed.`);
      return write.changes.reduce((data, { field, value }) => changed(data, field, value), before.data);
    }
    case 'merge':
      return write.changes.reduce((data, change) => merged(data, change), before?.data ?? {});
    case 'delete':
      throw new DocumentsError('invalid', 'Simulated code never deletes.');
  }
}

function merged(data: DocumentData, change: MergeChange): DocumentData {
  if ('value' in change) return changed(data, change.field, change.value);
  const there = change.field.reduce<DocumentValue | undefined>(
    (value, name) => (isMap(value) ? value[name] : undefined),
    data,
  );
  return changed(data, change.field, (typeof there === 'number' ? there : 0) + change.increment);
}

function changed(
  data: DocumentData,
  [name = '', ...rest]: readonly string[],
  value: DocumentValue | typeof DELETE_FIELD,
): DocumentData {
  if (rest.length > 0) {
    const inner = data[name];
    return { ...data, [name]: changed(isMap(inner) ? inner : {}, rest, value) };
  }
  if (value !== DELETE_FIELD) return { ...data, [name]: value };
  return Object.fromEntries(Object.entries(data).filter(([other]) => other !== name));
}

function isMap(value: DocumentValue | undefined): value is DocumentData {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
