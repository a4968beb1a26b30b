import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedDocs } from '#language/reference/generated-docs.ts';
import { catalog } from '#functions/catalog.ts';
import { readHouse } from '../architecture/house.ts';
import { housePicture } from '../architecture/house-picture.ts';
import { runCommand } from '../terminal/command-line.ts';
import { processTerminal } from '../terminal/terminal.ts';

const command = {
  name: 'npm run docs --',
  summary: 'Writes the JSON Schemas, docs/reference.md and the picture of the rooms in ARCHITECTURE.md from the code.',
  options: {},
} as const;
const terminal = processTerminal();

/** `npm run docs`: generates the JSON Schemas, the reference page and the picture of the house from the code. */
process.exitCode = await runCommand(command, process.argv.slice(2), terminal, async () => {
  const root = join(import.meta.dirname, '..', '..');
  const docs = [...generatedDocs(catalog), ['docs/images/house.svg', housePicture(readHouse(root))] as const];
  for (const [path, text] of docs) {
    await writeFile(join(root, path), text);
    terminal.out(`Wrote ${path}.`);
  }
  return 0;
});
