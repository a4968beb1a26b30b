/**
 * Calls `body`, which must be synchronous, with all variables removed whose names begin with `prefix`, and restores
 * them afterwards. No other code runs meanwhile.
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
