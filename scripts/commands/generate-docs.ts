import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channels } from '#channels/index.ts';
import { generatedDocs } from '#language/reference/generated-docs.ts';
import { stepTypesForChecking } from '#steps/index.ts';
import { tools } from '#tools/index.ts';

/** `npm run docs`: writes the JSON Schemas and the reference page from the registries. */
const root = join(import.meta.dirname, '..', '..');
for (const [path, text] of generatedDocs({ stepTypes: stepTypesForChecking, tools, channels })) {
  await writeFile(join(root, path), text);
  console.log(`Wrote ${path}.`);
}
