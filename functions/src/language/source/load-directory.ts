import { join } from 'node:path';
import { z } from 'zod';
import { loadExpressions, type Expressions } from '../expressions/expressions.ts';
import { lintPlaybook } from '../lint/lint.ts';
import { quoted, valueAt } from '../playbook/definition-problem.ts';
import type { LintCatalog } from '../lint/references.ts';
import { suggestionFor } from '#core/nearest.ts';
import { Playbook } from '../playbook/playbook.ts';
import { Identifier } from '../playbook/field-schemas.ts';
import { playbookSchema, type StepTypeShape } from '../playbook/playbook-schema.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { versionOf } from '../playbook/version.ts';
import { Agent } from '../settings/agent.ts';
import { isMissing, shownPath, textFile, yamlFiles, type TextFile } from './definition-files.ts';
import { Integrations } from '../settings/integrations.ts';
import { lintablePlaybook } from './lintable-playbook.ts';
import { Models } from '../settings/models.ts';
import { People } from '../settings/people.ts';
import { Platform } from '../settings/platform.ts';
import { inOrder, isError, parseYaml, readSource, type Problem } from './source.ts';

/** Where definitions lie, and what they may name. */
export interface LoadOptions {
  /** Every `*.yaml` in here is a playbook, except the settings by their names. */
  readonly playbooksDir: string;
  /** Holds `agents/*.yaml`, `people.yaml`, `platform.yaml`, `integrations.yaml` and `models.yaml`. */
  readonly settingsDir: string;
  readonly stepTypes: readonly StepTypeShape[];
  readonly tools: LintCatalog['tools'];
  readonly channels: LintCatalog['channels'];
}

/** A playbook as it comes from its file: `source` is the YAML as written, `version` the hash of what it says. */
export interface LoadedPlaybook {
  readonly file: string;
  readonly playbook: Playbook;
  readonly version: string;
  readonly source: string;
}

/** Everything that the files define. What has a problem is missing; with `problems` empty, nothing is. */
export interface Definitions {
  readonly playbooks: readonly LoadedPlaybook[];
  readonly agents: readonly Agent[];
  readonly people: People | undefined;
  readonly platform: Platform | undefined;
  readonly integrations: Integrations | undefined;
  readonly models: Models | undefined;
  /** File by file, each in the order of its lines. */
  readonly problems: readonly Problem[];
  /** What may be meant otherwise than it is read; it keeps nothing from being used. */
  readonly warnings: readonly Problem[];
}

const SETTINGS = ['people', 'platform', 'integrations', 'models'];

/**
 * Reads and checks all definitions and how they fit together. Resolves also when there are problems; rejects only where a
 * directory or file cannot be read.
 */
export async function loadDefinitions(options: LoadOptions): Promise<Definitions> {
  const [files, agentFiles, expressions] = await Promise.all([
    yamlFiles(options.playbooksDir),
    yamlFiles(join(options.settingsDir, 'agents')),
    loadExpressions(),
  ]);
  const problems: Problem[] = [];
  const setting = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const parsed = await readSetting(options.settingsDir, name, schema);
    problems.push(...(parsed.ok ? parsed.warnings : parsed.problems));
    return parsed.ok ? parsed.value : undefined;
  };
  const models = await setting('models', Models);
  const people = await setting('people', People);
  const platform = await setting('platform', Platform);
  const integrations = await setting('integrations', Integrations);
  const agents = loadAgents(agentFiles, options, models, problems);
  const catalog: LintCatalog = {
    stepTypes: options.stepTypes,
    tools: options.tools,
    channels: options.channels,
    agentIds: agentFiles.map(({ stem }) => stem),
    roles: people && Object.keys(people.roles),
    allowedRecipients: people?.allowedRecipients ?? [],
  };
  const playbookFiles = files.filter(({ stem }) => !SETTINGS.includes(stem));
  problems.push(...twiceNamed([...playbookFiles, ...agentFiles]));
  const playbooks = playbookFiles.flatMap((file) => loadPlaybook(file, catalog, expressions, problems));
  return {
    playbooks,
    agents,
    people,
    platform,
    integrations,
    models,
    problems: problems.filter(isError),
    warnings: problems.filter((problem) => !isError(problem)),
  };
}

/** What an agent names, as far as it can be read: looked at even where its file has other problems. */
const NamedByAgent = z.object({
  id: Identifier.optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  tools: z.array(z.string().optional().catch(undefined)).catch([]),
});

function loadAgents(
  files: readonly TextFile[],
  options: LoadOptions,
  models: Models | undefined,
  problems: Problem[],
): readonly Agent[] {
  const toolNames = options.tools.map(({ name }) => name);
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

/** `x.yaml` and `x.yml` beside each other would define the same thing twice. */
function twiceNamed(files: readonly TextFile[]): readonly Problem[] {
  return files
    .filter(({ file }) => file.endsWith('.yml') && files.some((other) => other.file === file.replace(/yml$/, 'yaml')))
    .map(({ file }) => ({
      file,
      line: 1,
      column: 1,
      path: '',
      message: `The same name stands for a second definition in ${file.replace(/yml$/, 'yaml')}; remove one of the two.`,
      excerpt: '',
    }));
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

function fileNameProblem(id: string, stem: string) {
  if (id === stem) return [];
  return [{ path: ['id'], message: `The id '${id}' must be the name of the file, which is '${stem}'.` }];
}

function loadPlaybook(
  { file, stem, text, invalidAt }: TextFile,
  catalog: LintCatalog,
  expressions: Expressions,
  problems: Problem[],
): readonly LoadedPlaybook[] {
  const source = readSource(file, text, invalidAt);
  if (source.value === undefined) {
    problems.push(...source.problems);
    return [];
  }
  const read = Playbook.safeParse(source.value);
  const lintable = lintablePlaybook(source.value, catalog.stepTypes);
  const id = valueAt(source.value, ['id']);
  const found = [
    ...schemaProblems(playbookSchema(catalog.stepTypes), source.value),
    ...schemaProblems(Playbook, source.value),
    ...(lintable?.ownProblems(lintPlaybook(lintable.playbook, catalog, expressions)) ?? []),
    ...(Identifier.safeParse(id).success ? fileNameProblem(String(id), stem) : []),
  ];
  const located = inOrder([...source.problems, ...found.map((problem) => source.locate(problem))]);
  problems.push(...located);
  if (!read.success || located.some(isError)) return [];
  return [{ file, playbook: read.data, version: versionOf(read.data), source: text }];
}

async function readSetting<T>(
  directory: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<ReturnType<typeof parseYaml<T>>> {
  const path = join(directory, `${name}.yaml`);
  try {
    const { file, text, invalidAt } = await textFile(path);
    return parseYaml(file, text, schema, invalidAt);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const message = `The file is missing; it belongs beside the playbooks.`;
    return { ok: false, problems: [{ file: shownPath(path), line: 1, column: 1, path: '', message, excerpt: '' }] };
  }
}
