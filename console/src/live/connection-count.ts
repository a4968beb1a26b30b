const MAX_OF_ALL = 500;
/** More than anybody has pages open, and few enough that nobody takes the places of the others. */
const MAX_OF_ONE = 40;

/** How many live connections there are, in all and of each person. */
export interface ConnectionCount {
  /** Takes a place for this person; undefined where there is none. The returned function gives it back, once. */
  take(uid: string): (() => void) | undefined;
}

/** Counts connections in the memory of this process: at most 40 of one person, and 500 in all. */
export function connectionCount(): ConnectionCount {
  const byPerson = new Map<string, number>();
  let all = 0;

  function add(uid: string, change: 1 | -1): void {
    const own = (byPerson.get(uid) ?? 0) + change;
    if (own === 0) byPerson.delete(uid);
    else byPerson.set(uid, own);
    all += change;
  }

  return {
    take(uid) {
      if (all >= MAX_OF_ALL || (byPerson.get(uid) ?? 0) >= MAX_OF_ONE) return undefined;
      add(uid, 1);
      let isTaken = true;
      return () => {
        if (isTaken) add(uid, -1);
        isTaken = false;
      };
    },
  };
}
