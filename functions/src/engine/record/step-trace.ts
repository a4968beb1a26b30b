import { z } from 'zod';
import {
  Attempt,
  OmittedAttempts,
  type Decision,
  type FruitlessAttempt,
  type RunningAttempt,
  type SucceededAttempt,
} from './attempt.ts';

/** What every step record says of its attempts; which of them go together, the traces below say. */
export const traceFields = {
  /** All attempts, or the first and the last few where there were many; `number` says which is which. */
  attempts: z.array(Attempt),
  omitted: OmittedAttempts.optional(),
  /** The nested list of steps that a control step chose. */
  block: z.string().optional(),
  /** The database refused the whole record: of this step it holds no attempts. */
  shortened: z.literal(true).optional(),
};
const looseTrace = z.object(traceFields);
/** The stored form of a trace. */
export type LooseTrace = z.infer<typeof looseTrace>;

/** The attempts of a step that acts. */
interface Tried<Attempts extends readonly Attempt[]> {
  readonly attempts: Attempts;
  readonly omitted?: OmittedAttempts | undefined;
  readonly block?: never;
  readonly shortened?: never;
}

/** For an action under way: only the last attempt may be running, and none has succeeded. */
export type UnderWay = Tried<readonly (FruitlessAttempt | RunningAttempt)[]>;
/** Of an action that failed, perhaps before its first attempt. */
export type Fruitless = Tried<readonly FruitlessAttempt[]>;
/** Of an action that succeeded: its last attempt did, and no other. */
export type Fruitful = Tried<readonly [...FruitlessAttempt[], SucceededAttempt]>;

/** Of a control step: what it decided, and the block that it chose, if it has one for that. */
export interface Decided {
  readonly attempts: readonly [Decision];
  readonly block?: string | undefined;
  readonly omitted?: never;
  readonly shortened?: never;
}

/** Of any step, in a record that had no room for more. */
export interface Shortened {
  readonly attempts: readonly [];
  readonly shortened: true;
  readonly block?: string | undefined;
  readonly omitted?: never;
}

/** The trace of a control step that has decided; undefined where it is none. */
export function decidedIn({ attempts, omitted, block, shortened }: LooseTrace): Decided | undefined {
  const [only, ...others] = attempts;
  if (only?.status !== 'succeeded' || only.number !== 1 || others.length > 0) return undefined;
  const { input, modelCalls, toolCalls, normalised, output, outputRef, ...decision } = only;
  const isPlain = [input, modelCalls, toolCalls, normalised, outputRef].every((field) => field === undefined);
  if (output === undefined || !isPlain || omitted !== undefined || shortened !== undefined) return undefined;
  return { attempts: [{ ...decision, output }], ...(block === undefined ? {} : { block }) };
}

/** The trace of an action under way; undefined if the attempts do not form one. */
export function underWayIn(trace: LooseTrace): UnderWay | undefined {
  const earlier = earlierIn(trace);
  const last = trace.attempts.at(-1);
  if (earlier === undefined || last?.status === 'succeeded') return undefined;
  return tried(last === undefined ? [] : [...earlier, last], trace);
}

/** The trace of an action that failed; undefined where it is none. */
export function fruitlessIn(trace: LooseTrace): Fruitless | undefined {
  const underWay = underWayIn(trace);
  const attempts = underWay?.attempts ?? [];
  return underWay !== undefined && attempts.every(isFruitless) ? tried(attempts, trace) : undefined;
}

/** The trace of an action that succeeded; undefined where it is none. */
export function fruitfulIn(trace: LooseTrace): Fruitful | undefined {
  const earlier = earlierIn(trace);
  const last = trace.attempts.at(-1);
  if (earlier === undefined || last?.status !== 'succeeded') return undefined;
  return tried([...earlier, last], trace);
}

/** The trace that a record without room holds; undefined where it is none. */
export function shortenedIn({ attempts, omitted, block, shortened }: LooseTrace): Shortened | undefined {
  if (shortened !== true || attempts.length > 0 || omitted !== undefined) return undefined;
  return { attempts: [], shortened, ...(block === undefined ? {} : { block }) };
}

/** All attempts but the last, if they ended without an output and are numbered from 1; otherwise undefined. */
function earlierIn({ attempts, omitted, block, shortened }: LooseTrace): readonly FruitlessAttempt[] | undefined {
  if (block !== undefined || shortened !== undefined) return undefined;
  const numbers = [0, ...attempts.map(({ number }) => number)];
  const isAscending = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  if (!isAscending || numbers.at(-1) !== attempts.length + (omitted?.count ?? 0)) return undefined;
  const earlier = attempts.slice(0, -1);
  return earlier.every(isFruitless) ? earlier : undefined;
}

const isFruitless = (attempt: Attempt) => attempt.status === 'failed' || attempt.status === 'interrupted';

function tried<Attempts extends readonly Attempt[]>(attempts: Attempts, { omitted }: LooseTrace): Tried<Attempts> {
  return omitted === undefined ? { attempts } : { attempts, omitted };
}
