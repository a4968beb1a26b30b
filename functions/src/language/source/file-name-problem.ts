/** What is wrong where an id is not the name of its file without the ending, which is `stem`. */
export function fileNameProblem(id: string, stem: string) {
  if (id === stem) return [];
  return [{ path: ['id'], message: `The id '${id}' must be the name of the file, which is '${stem}'.` }];
}
