import { join } from 'node:path';
import type { z } from 'zod';
import { Integrations } from '../settings/integrations.ts';
import { Models } from '../settings/models.ts';
import { People } from '../settings/people.ts';
import { Platform } from '../settings/platform.ts';
import { isMissing, shownPath, textFile } from './definition-files.ts';
import { parseYaml, type Problem } from './source.ts';

/** The content of each settings file; undefined if it has a problem. */
export interface SettingsOfFiles {
  readonly people: People | undefined;
  readonly platform: Platform | undefined;
  readonly integrations: Integrations | undefined;
  readonly models: Models | undefined;
}

/** The names of the settings files, without `.yaml`. */
export const SETTING_NAMES: readonly string[] = ['people', 'platform', 'integrations', 'models'];

/** Reads the settings files. Adds problems and missing files to `problems`. */
export async function loadSettings(directory: string, problems: Problem[]): Promise<SettingsOfFiles> {
  const setting = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const parsed = await readSetting(directory, name, schema);
    problems.push(...(parsed.ok ? parsed.warnings : parsed.problems));
    return parsed.ok ? parsed.value : undefined;
  };
  const models = await setting('models', Models);
  const people = await setting('people', People);
  const platform = await setting('platform', Platform);
  const integrations = await setting('integrations', Integrations);
  return { people, platform, integrations, models };
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
    const message = `The file is missing; create it next to the playbooks.`;
    return { ok: false, problems: [{ file: shownPath(path), line: 1, column: 1, path: '', message, excerpt: '' }] };
  }
}
