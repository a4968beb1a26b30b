import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadDefinitions, type Definitions } from '#language/source/load-directory.ts';
import { formatProblem } from '#language/source/source.ts';
import { PlaybookError } from '#core/failure.ts';
import { catalog } from '#functions/catalog.ts';
import { counted } from '../terminal/text-layout.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The project's own definitions. */
const SETTINGS_DIRECTORY = join(import.meta.dirname, '..', '..', 'playbooks');

/**
 * Everything the project defines, checked; `playbooksDirectory` reads the playbooks from elsewhere. Resolves to
 * undefined after printing every problem: as text, or with `json` as `{ problems, warnings }`. Warnings are also
 * printed as text, and prevent nothing. Throws `unconfigured` if the directory does not exist or has no playbooks: then
 * it is the wrong one.
 */
export async function loadProject(
  terminal: Terminal,
  playbooksDirectory: string | undefined,
  json = false,
): Promise<Definitions | undefined> {
  const definitions = await definitionsIn(
    playbooksDirectory === undefined ? SETTINGS_DIRECTORY : resolve(terminal.directory, playbooksDirectory),
  );
  if (!json) for (const warning of definitions.warnings) terminal.error(`${formatProblem(warning)}\n`);
  if (definitions.problems.length === 0) return definitions;
  printProblems(definitions, json, terminal);
  return undefined;
}

async function definitionsIn(playbooksDir: string): Promise<Definitions> {
  if (!(await isDirectory(playbooksDir))) {
    throw new PlaybookError('unconfigured', `The playbook directory ${playbooksDir} does not exist.`);
  }
  const definitions = await loadDefinitions({
    playbooksDir,
    settingsDir: SETTINGS_DIRECTORY,
    ...catalog,
  });
  if (definitions.problems.length === 0 && definitions.playbooks.length === 0) {
    throw new PlaybookError('unconfigured', `No playbooks in ${playbooksDir}: no file there ends in .yaml.`);
  }
  return definitions;
}

function printProblems({ problems, warnings }: Definitions, json: boolean, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify({ problems, warnings }, null, 2));
  for (const problem of problems) terminal.error(`${formatProblem(problem)}\n`);
  terminal.error(`${terminal.paint('red', '✗')} ${counted(problems.length, 'problem')}. Nothing was changed.`);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
