/**
 * Calls `body`, which must not be asynchronous, while no variable whose name begins with `prefix` is set, and puts them
 * all back. Nothing else runs meanwhile, so nobody misses them.
 */
export function withoutVariables<Value>(prefix: string, body: () => Value): Value {
  const hidden = Object.entries(process.env).filter(([name]) => name.startsWith(prefix));
  for (const [name] of hidden) delete process.env[name];
  try {
    return body();
  } finally {
    for (const [name, value] of hidden) process.env[name] = value;
  }
}
