/** Processes every item, at most `limit` at a time. Resolves in the order of the items; rejects with the first failure. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const queue = items.entries();
  const results: { readonly index: number; readonly result: Result }[] = [];
  async function worker(): Promise<void> {
    for (const [index, item] of queue) results.push({ index, result: await action(item) });
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results.toSorted((a, b) => a.index - b.index).map(({ result }) => result);
}
