import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExpressions } from '../expressions/expressions.ts';
import { playbookSchema } from '../playbook/playbook-schema.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { catalog } from '#functions/catalog.ts';
import { expressionFunctions } from './expression-reference.ts';
import { EXAMPLE_SCOPE } from './example-scope.ts';
import { generatedDocs } from './generated-docs.ts';

const root = join(import.meta.dirname, '../../../..');
const { stepTypes, tools, channels } = catalog;
const docs = generatedDocs(catalog);

describe('the generated documents', () => {
  test.each([...docs.keys()])('%s is what `npm run docs` writes', async (path) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(docs.get(path));
  });

  test('the reference names every step type, tool and channel', () => {
    const page = docs.get('docs/reference.md') ?? '';
    for (const { type } of stepTypes) expect(page).toContain(`### ${type}\n`);
    for (const { name } of tools) expect(page).toContain(`### ${name}\n`);
    for (const { name } of channels) expect(page).toContain(`| \`${name}\` |`);
  });
});

describe('the examples in the reference', () => {
  test.each(stepTypes.map(({ type, example }) => [type, example] as const))(
    'the step of %s fits the schema',
    (_, example) => {
      const playbook = { id: 'p', name: 'P', steps: [example] };
      expect(schemaProblems(playbookSchema(stepTypes), playbook)).toEqual([]);
    },
  );

  test.each(tools.map((tool) => [tool.name, tool] as const))('the input of %s fits its schema', (_, tool) => {
    expect(schemaProblems(tool.input, tool.example)).toEqual([]);
  });

  test.each(expressionFunctions)('$example yields what the page says', async ({ example, result }) => {
    const { evaluate } = await loadExpressions();
    expect(evaluate(example, EXAMPLE_SCOPE)).toEqual(result);
  });
});
