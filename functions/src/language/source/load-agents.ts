import { z } from 'zod';
import { suggestionFor } from '#core/nearest.ts';
import { quoted } from '../playbook/definition-problem.ts';
import { Identifier } from '../playbook/field-schemas.ts';
import { Agent } from '../settings/agent.ts';
import type { Models } from '../settings/models.ts';
import type { TextFile } from './definition-files.ts';
import { fileNameProblem } from './file-name-problem.ts';
import { inOrder, parseYaml, readSource, type Problem } from './source.ts';

/** The names used by an agent, as far as they can be read: checked even if its file has other problems. */
const NamedByAgent = z.object({
  id: Identifier.optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  tools: z.array(z.string().optional().catch(undefined)).catch([]),
});

/** The names that agents may use; any model if the models could not be read. */
export interface NameableByAgents {
  readonly toolNames: readonly string[];
  readonly models: Models | undefined;
}

/** The valid agents; problems of the others are added to `problems`. */
export function loadAgents(
  files: readonly TextFile[],
  { toolNames, models }: NameableByAgents,
  problems: Problem[],
): readonly Agent[] {
  return files.flatMap(({ file, stem, text, invalidAt }) => {
    const parsed = parseYaml(file, text, Agent, invalidAt);
    const source = readSource(file, text, invalidAt);
    const named = NamedByAgent.safeParse(source.value).data;
    const found = [
      ...(named?.id === undefined ? [] : fileNameProblem(named.id, stem)),
      ...(named?.tools ?? []).flatMap((tool, index) => unknownName(tool, 'tool', toolNames, ['tools', index])),
      ...(models === undefined ? [] : unknownName(named?.model, 'model', Object.keys(models.models), ['model'])),
    ];
    const located = source.value === undefined ? [] : found.map((problem) => source.locate(problem));
    problems.push(...inOrder([...(parsed.ok ? parsed.warnings : parsed.problems), ...located]));
    return parsed.ok && found.length === 0 ? [parsed.value] : [];
  });
}

function unknownName(
  name: string | undefined,
  what: string,
  known: readonly string[],
  path: readonly (string | number)[],
) {
  if (name === undefined || known.includes(name)) return [];
  const suggestion = suggestionFor(name, known);
  return [{ path, message: `Unknown ${what} ${quoted(name)}.`, ...(suggestion !== undefined && { suggestion }) }];
}
