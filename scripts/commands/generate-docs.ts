import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedDocs } from '#language/reference/generated-docs.ts';
import { catalog } from '#functions/catalog.ts';
import { readHouse } from '../architecture/house.ts';
import { housePicture } from '../architecture/house-picture.ts';

/** `npm run docs`: generates the JSON Schemas, the reference page and the picture of the house from the code. */
const root = join(import.meta.dirname, '..', '..');
const docs = [...generatedDocs(catalog), ['docs/images/house.svg', housePicture(readHouse(root))] as const];
for (const [path, text] of docs) {
  await writeFile(join(root, path), text);
  console.log(`Wrote ${path}.`);
}
