import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedDocs } from '#language/reference/generated-docs.ts';
import { catalog } from '#steps/catalog.ts';

/** `npm run docs`: writes the JSON Schemas and the reference page from the registries. */
const root = join(import.meta.dirname, '..', '..');
for (const [path, text] of generatedDocs(catalog)) {
  await writeFile(join(root, path), text);
  console.log(`Wrote ${path}.`);
}
