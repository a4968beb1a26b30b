/** The problem of an id that differs from `stem`, the name of its file without extension. */
export function fileNameProblem(id: string, stem: string) {
  if (id === stem) return [];
  return [{ path: ['id'], message: `The id '${id}' must match the file name, '${stem}'.` }];
}
