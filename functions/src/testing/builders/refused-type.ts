/** A record with some fields replaced by those of another type. */
export type With<Whole, Changed> = Whole extends unknown ? Omit<Whole, keyof Changed> & Changed : never;

/**
 * The type `true` if no value of type `Value` is a `Target`, otherwise `false`. `true satisfies Refused<…>` then fails to
 * compile as soon as the contradiction can be written.
 */
export type Refused<Target, Value> = [Value] extends [never]
  ? false
  : Extract<Value, Target> extends never
    ? true
    : false;
