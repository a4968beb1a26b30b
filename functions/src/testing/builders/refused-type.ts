/** A record with some fields as another type has them. */
export type With<Whole, Changed> = Whole extends unknown ? Omit<Whole, keyof Changed> & Changed : never;

/**
 * The type `true` where no value of type `Value` is a `Target`, and `false` where one is. `true satisfies Refused<…>` then
 * does not compile as soon as the contradiction can be written.
 */
export type Refused<Target, Value> = [Value] extends [never]
  ? false
  : Extract<Value, Target> extends never
    ? true
    : false;
