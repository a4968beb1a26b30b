import { dirname } from 'node:path';
import { FLOORS } from './floors.ts';
import { type Import, importsOf, isTest, sourceFiles } from './import-graph.ts';

/** A folder of product code, or the list above the rooms of a folder. */
export interface Room {
  readonly name: string;
  readonly files: readonly string[];
  /** Its index in `FLOORS`; undefined if no floor names it. */
  readonly floor: number | undefined;
  /** What it imports from other rooms, by room name. */
  readonly imports: ReadonlyMap<string, readonly Import[]>;
}

/** The product as rooms on floors, and what is wrong with it. */
export interface House {
  readonly rooms: readonly Room[];
  /** Imports from a higher floor, or from a neighbour on the same floor. */
  readonly upwards: readonly Import[];
  /** Groups of files that import each other, tests included. */
  readonly cycles: readonly (readonly string[])[];
}

/** Reads every import of the project. Takes about half a second. */
export function readHouse(root: string): House {
  const all = sourceFiles(root);
  const everyImport = importsOf(root, all).filter(({ isPackage }) => !isPackage);
  const files = all.filter((file) => !isTest(file));
  const lists = listsAmong(files);
  const imports = everyImport.filter(({ from, target }) => !isTest(from) && !isTest(target));
  const rooms = Array.from(
    Map.groupBy(files, (file) => roomOf(file, lists)),
    ([name, own]) => roomFrom(name, own, imports, lists),
  );
  const floorOf = new Map(rooms.map(({ name, floor }) => [name, floor]));
  const upwards = imports.filter(({ from, target }) => {
    const [own, other] = [roomOf(from, lists), roomOf(target, lists)];
    return own !== other && (floorOf.get(other) ?? Infinity) >= (floorOf.get(own) ?? Infinity);
  });
  return { rooms, upwards, cycles: cyclesOf(everyImport) };
}

/** The lists of folders that have rooms inside: `tools/index.ts`, `pages/index.ts`. */
function listsAmong(files: readonly string[]): ReadonlySet<string> {
  const folders = new Set(files.map((file) => dirname(file)));
  const hasRooms = (folder: string): boolean => folders.values().some((other) => other.startsWith(`${folder}/`));
  return new Set(files.filter((file) => file.endsWith('/index.ts') && hasRooms(dirname(file)) && !isEntry(file)));
}

/** The entry of the deployed function is also an index, but not a list. */
function isEntry(file: string): boolean {
  return file === 'functions/src/index.ts';
}

function roomOf(file: string, lists: ReadonlySet<string>): string {
  const folder = dirname(file).replace(/^functions\/src\//, '');
  return lists.has(file) ? `${folder}/index` : folder;
}

function roomFrom(
  name: string,
  files: readonly string[],
  imports: readonly Import[],
  lists: ReadonlySet<string>,
): Room {
  const own = new Set(files);
  const outside = imports.filter(({ from, target }) => own.has(from) && !own.has(target));
  return { name, files, floor: floorOf(name), imports: Map.groupBy(outside, ({ target }) => roomOf(target, lists)) };
}

/** The floor that names a room, by itself or together with its neighbours. */
function floorOf(room: string): number | undefined {
  const named = FLOORS.findIndex((floor) => floor.includes(room));
  const index = named === -1 ? FLOORS.findIndex((floor) => floor.includes(`${dirname(room)}/*`)) : named;
  return index === -1 ? undefined : index;
}

/** Groups of files each of which imports every other one, directly or through others. */
export function cyclesOf(imports: readonly Pick<Import, 'from' | 'target'>[]): readonly (readonly string[])[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const next = (file: string): readonly string[] => (targets.get(file) ?? []).map(({ target }) => target);
  const reach = new Map<string, ReadonlySet<string>>();
  for (const file of targets.keys()) reach.set(file, reachedFrom(file, next));
  const inCycle = [...targets.keys()].filter((file) => reach.get(file)?.has(file) === true);
  const groups = Map.groupBy(inCycle, (file) =>
    inCycle.filter((other) => reach.get(file)?.has(other) === true && reach.get(other)?.has(file) === true).join(' '),
  );
  return [...groups.values()];
}

function reachedFrom(start: string, next: (file: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...next(start)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...next(file));
  }
  return reached;
}
