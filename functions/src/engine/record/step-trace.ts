import { z } from 'zod';
import { JsonValue } from '#core/json.ts';
import {
  Attempt,
  OmittedAttempts,
  PayloadRef,
  type Decision,
  type FruitlessAttempt,
  type RunningAttempt,
  type SucceededAttempt,
  type WaitingAttempt,
} from './attempt.ts';

/** What a control step runs beside its one block: several at a time, or one for each item. Absent where it chose one. */
export const Spread = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('branches'), blocks: z.array(z.string()), limit: z.number().int().positive() }),
  z.object({
    kind: z.literal('each'),
    block: z.string(),
    limit: z.number().int().positive(),
    count: z.number().int().nonnegative(),
    /** The items: in the record itself, or stored outside it. */
    items: z.union([z.object({ output: z.array(JsonValue) }), z.object({ outputRef: PayloadRef })]),
  }),
]);
export type Spread = z.infer<typeof Spread>;

/** What every step record says of its attempts; which of them go together, the traces below say. */
export const traceFields = {
  /** All attempts, or the first and the last few where there were many; `number` says which is which. */
  attempts: z.array(Attempt),
  omitted: OmittedAttempts.optional(),
  /** The nested list of steps that a control step chose. */
  block: z.string().optional(),
  /** What a control step runs in place of one nested list. */
  spread: Spread.optional(),
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
  readonly spread?: never;
  readonly shortened?: never;
}

/** For an action under way: only the last attempt may be running or waiting, and none has succeeded. */
export type UnderWay = Tried<readonly (FruitlessAttempt | RunningAttempt | WaitingAttempt)[]>;
/** Of an action that failed, perhaps before its first attempt. */
export type Fruitless = Tried<readonly FruitlessAttempt[]>;
/** Of an action that succeeded: its last attempt did, and no other. */
export type Fruitful = Tried<readonly [...FruitlessAttempt[], SucceededAttempt]>;

/** Of a control step: what it decided, and the block that it chose, if it has one for that. */
export type Decided = Route & {
  readonly attempts: readonly [Decision];
  readonly omitted?: never;
  readonly shortened?: never;
};

/** What a control step runs: one block, none, or several at a time. */
export type Route =
  | { readonly block?: string | undefined; readonly spread?: never }
  | { readonly spread: Spread; readonly block?: never };

/** Of any step, in a record that had no room for more. */
export type Shortened = Route & {
  readonly attempts: readonly [];
  readonly shortened: true;
  readonly omitted?: never;
};

/** The trace of a control step that has decided; undefined where it is none. */
export function decidedIn(trace: LooseTrace): Decided | undefined {
  const { attempts, omitted, shortened } = trace;
  const [only, ...others] = attempts;
  const route = routeIn(trace);
  if (only?.status !== 'succeeded' || only.number !== 1 || others.length > 0) return undefined;
  const { input, modelCalls, toolCalls, normalised, output, outputRef, ...decision } = only;
  const isPlain = [input, modelCalls, toolCalls, normalised, outputRef].every((field) => field === undefined);
  if (output === undefined || !isPlain || omitted !== undefined || shortened !== undefined) return undefined;
  return route === undefined ? undefined : { attempts: [{ ...decision, output }], ...route };
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
export function shortenedIn(trace: LooseTrace): Shortened | undefined {
  const { attempts, omitted, shortened } = trace;
  const route = routeIn(trace);
  if (shortened !== true || attempts.length > 0 || omitted !== undefined || route === undefined) return undefined;
  return { attempts: [], shortened, ...route };
}

function routeIn({ block, spread }: LooseTrace): Route | undefined {
  if (spread !== undefined) return block === undefined ? { spread } : undefined;
  return block === undefined ? {} : { block };
}

/** All attempts but the last, if they ended without an output and are numbered from 1; otherwise undefined. */
function earlierIn({
  attempts,
  omitted,
  block,
  spread,
  shortened,
}: LooseTrace): readonly FruitlessAttempt[] | undefined {
  if (block !== undefined || spread !== undefined || shortened !== undefined) return undefined;
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
