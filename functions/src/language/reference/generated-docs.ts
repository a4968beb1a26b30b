import { jsonSchemaOf, playbookJsonSchema } from '../playbook/playbook-schema.ts';
import { Agent } from '../settings/agent.ts';
import { referencePage, type Registries } from './reference-page.ts';

/** The documents generated from the registries, by path in the project. */
export function generatedDocs(registries: Registries): ReadonlyMap<string, string> {
  return new Map([
    ['docs/playbook.schema.json', `${JSON.stringify(playbookJsonSchema(registries.stepTypes), null, 2)}\n`],
    ['docs/agent.schema.json', `${JSON.stringify(jsonSchemaOf(Agent), null, 2)}\n`],
    ['docs/reference.md', referencePage(registries)],
  ]);
}
