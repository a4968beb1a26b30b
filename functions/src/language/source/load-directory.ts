import { join } from 'node:path';
import { loadExpressions, type Expressions } from '../expressions/expressions.ts';
import { lintPlaybook } from '../lint/lint.ts';
import { valueAt } from '../playbook/definition-problem.ts';
import type { LintCatalog } from '../lint/references.ts';
import { Playbook } from '../playbook/playbook.ts';
import { Identifier } from '../playbook/field-schemas.ts';
import { playbookSchema, type StepTypeShape } from '../playbook/playbook-schema.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { versionOf } from '../playbook/version.ts';
import type { Agent } from '../settings/agent.ts';
import { yamlFiles, type TextFile } from './definition-files.ts';
import { fileNameProblem } from './file-name-problem.ts';
import { lintablePlaybook } from './lintable-playbook.ts';
import type { People } from '../settings/people.ts';
import { loadAgents } from './load-agents.ts';
import { loadSettings, SETTING_NAMES, type SettingsOfFiles } from './load-settings.ts';
import { inOrder, isError, readSource, type Problem } from './source.ts';

/** Where the definitions are, and which names they may use. */
export interface LoadOptions {
  /** Every `*.yaml` in this directory is a playbook, except the settings files. */
  readonly playbooksDir: string;
  /** Contains `agents/*.yaml`, `people.yaml`, `platform.yaml`, `integrations.yaml` and `models.yaml`. */
  readonly settingsDir: string;
  readonly stepTypes: readonly StepTypeShape[];
  readonly tools: LintCatalog['tools'];
  readonly channels: LintCatalog['channels'];
}

/** A playbook read from its file: `source` is the YAML as written, `version` the hash of its content. */
export interface LoadedPlaybook {
  readonly file: string;
  readonly playbook: Playbook;
  readonly version: string;
  readonly source: string;
}

/** Everything that the files define. Definitions with problems are missing; if `problems` is empty, it is complete. */
export interface Definitions extends SettingsOfFiles {
  readonly playbooks: readonly LoadedPlaybook[];
  readonly agents: readonly Agent[];
  /** Sorted by file, then by line. */
  readonly problems: readonly Problem[];
  /** Definitions that may not mean what was intended; they can still be used. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads all definitions and checks them, also against each other. Also resolves if it finds problems; rejects only if a
 * directory or file cannot be read.
 */
export async function loadDefinitions(options: LoadOptions): Promise<Definitions> {
  const [files, agentFiles, expressions] = await Promise.all([
    yamlFiles(options.playbooksDir),
    yamlFiles(join(options.settingsDir, 'agents')),
    loadExpressions(),
  ]);
  const problems: Problem[] = [];
  const settings = await loadSettings(options.settingsDir, problems);
  const toolNames = options.tools.map(({ name }) => name);
  const agents = loadAgents(agentFiles, { toolNames, models: settings.models }, problems);
  const catalog = catalogOf(options, agentFiles, settings.people);
  const playbookFiles = files.filter(({ stem }) => !SETTING_NAMES.includes(stem));
  problems.push(...twiceNamed([...playbookFiles, ...agentFiles]));
  const playbooks = playbookFiles.flatMap((file) => loadPlaybook(file, catalog, expressions, problems));
  return {
    playbooks,
    agents,
    ...settings,
    problems: problems.filter(isError),
    warnings: problems.filter((problem) => !isError(problem)),
  };
}

function catalogOf(options: LoadOptions, agentFiles: readonly TextFile[], people: People | undefined): LintCatalog {
  return {
    stepTypes: options.stepTypes,
    tools: options.tools,
    channels: options.channels,
    agentIds: agentFiles.map(({ stem }) => stem),
    roles: people && Object.keys(people.roles),
    allowedRecipients: people?.allowedRecipients ?? [],
  };
}

/** `x.yaml` and `x.yml` in the same directory would define the same thing twice. */
function twiceNamed(files: readonly TextFile[]): readonly Problem[] {
  return files
    .filter(({ file }) => file.endsWith('.yml') && files.some((other) => other.file === file.replace(/yml$/, 'yaml')))
    .map(({ file }) => ({
      file,
      line: 1,
      column: 1,
      path: '',
      message: `The same name is also defined in ${file.replace(/yml$/, 'yaml')}; remove one of the two.`,
      excerpt: '',
    }));
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
