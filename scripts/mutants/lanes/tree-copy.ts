import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Content {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** The files of a project, as they were when they were read. */
export type Tree = ReadonlyMap<string, Content>;

/** A copy of a project in which bugs can be planted. */
export interface TreeCopy {
  readonly root: string;
  plant(file: string, text: string): void;
  /** Repairs every file that is not as it was, whether planted or damaged by tests. Returns their paths. */
  restore(): readonly string[];
}

/** What is built, installed or stored, and secrets: code with a bug must not find any. */
const NOT_COPIED = [
  /(^|\/)node_modules$/,
  /^(\.git|\.data|coverage|functions\/lib|console\/dist|\.build-[^/]*)$/,
  /(^|\/)\.(env(\.(?!example$)[^/]*)?|secret\.local)$/,
];

/** Reads a project without what is built or installed. Throws the file system's errors. */
export function readTree(root: string): Tree {
  return new Map(filesBelow(root, root).map((file) => [relative(root, file), contentOf(file)]));
}

function filesBelow(folder: string, root: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NOT_COPIED.some((pattern) => pattern.test(relative(root, path)))) return [];
    if (entry.isDirectory()) return filesBelow(path, root);
    return entry.isFile() ? [path] : [];
  });
}

function contentOf(file: string): Content {
  return { bytes: readFileSync(file), mode: statSync(file).mode };
}

/** The text of a file of a tree; empty if it has none of that name. */
export function textIn(tree: Tree, file: string): string {
  return tree.get(file)?.bytes.toString() ?? '';
}

/** Writes a tree into a new folder. What is installed in `original` is linked: packages are read, never changed. */
export function copyTree(tree: Tree, original: string, root: string): TreeCopy {
  const writtenMs = new Map<string, number>();
  for (const [file, { bytes }] of tree) write(file, bytes);
  symlinkSync(join(original, 'node_modules'), join(root, 'node_modules'));

  function write(file: string, content: Buffer | string): void {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: tree.get(file)?.mode });
    writtenMs.set(file, statSync(path).mtimeMs);
  }
  const isIntact = (file: string): boolean =>
    statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs === writtenMs.get(file);

  const plantedIn = new Set<string>();
  return {
    root,
    plant(file, text) {
      write(file, text);
      plantedIn.add(file);
    },
    restore() {
      const changed = [...tree.keys()].filter((file) => plantedIn.has(file) || !isIntact(file));
      for (const file of changed) write(file, tree.get(file)?.bytes ?? '');
      plantedIn.clear();
      return changed;
    },
  };
}
