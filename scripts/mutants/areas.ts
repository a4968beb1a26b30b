/** Where the code is that bugs are planted in. */
const FOLDERS = [
  ['functions/src/', ''],
  ['console/src/', 'console/'],
  ['scripts/', 'scripts/'],
] as const;

/** A file in the words of the house: `engine/claim/claim.ts`, `console/view/…`; undefined if no bugs are planted in it. */
export function placeOf(file: string): string | undefined {
  for (const [folder, name] of FOLDERS) {
    if (file.startsWith(folder)) return name + file.slice(folder.length);
  }
  return undefined;
}

/** The first folder of a file: `engine`, `console`; `functions` for the files above all rooms. */
export function areaOf(file: string): string {
  const [area = '', ...rest] = (placeOf(file) ?? file).split('/');
  return rest.length === 0 ? 'functions' : area;
}

/** Whether a file is in an area or a folder of one: `engine`, `engine/claim`. */
export function isIn(file: string, area: string): boolean {
  const folder = area.replace(/\/$/, '');
  return areaOf(file) === folder || (placeOf(file) ?? '').startsWith(`${folder}/`);
}
