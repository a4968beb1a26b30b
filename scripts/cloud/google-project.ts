import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import * as credentials from '#adapters/google-auth/credentials.ts';
import { PlaybookError } from '#core/failure.ts';
import { readHostPort, type HostPort } from './host-port.ts';
import type { Terminal } from '../terminal/terminal.ts';

const Firebaserc = z.object({ projects: z.record(z.string(), z.string()).default({}) });

/**
 * The Google Cloud project to work on: `asked` (an id, or an alias from `.firebaserc`), else GOOGLE_CLOUD_PROJECT or
 * GCLOUD_PROJECT, else the default in `.firebaserc`. Throws `unconfigured` without any of them.
 */
export async function projectIdOf(asked: string | undefined, { env, directory }: Terminal): Promise<string> {
  const projects = await aliasesIn(directory);
  if (asked !== undefined) return projects[asked] ?? asked;
  const projectId = env['GOOGLE_CLOUD_PROJECT'] || env['GCLOUD_PROJECT'] || projects['default'];
  if (projectId !== undefined) return projectId;
  throw new PlaybookError(
    'unconfigured',
    'No Google Cloud project is set. Pass --project ID, set GOOGLE_CLOUD_PROJECT, or write a default into .firebaserc.',
  );
}

/**
 * The address of one of Google's services: a local server that stands in for it (`NAME=host:port` in the environment),
 * or Google itself, which requires credentials. Throws `unconfigured` for anything else, and `unauthenticated`.
 */
export async function googleService(
  name: 'CLOUD_SCHEDULER_EMULATOR_HOST' | 'SECRET_MANAGER_EMULATOR_HOST',
  env: Terminal['env'],
): Promise<{ readonly local?: HostPort }> {
  const value = env[name];
  if (value === undefined || value === '') {
    await requireGoogleCredentials(`${name}=host:port for a local server`);
    return {};
  }
  return { local: readHostPort(name, value) };
}

async function aliasesIn(directory: string): Promise<Readonly<Record<string, string>>> {
  let text: string;
  try {
    text = await readFile(join(directory, '.firebaserc'), 'utf8');
  } catch {
    return {};
  }
  try {
    return Firebaserc.parse(JSON.parse(text)).projects;
  } catch (thrown) {
    throw new PlaybookError('unconfigured', `${join(directory, '.firebaserc')} is not a valid .firebaserc.`, {
      cause: thrown,
    });
  }
}

/**
 * Resolves when this machine has Google credentials. Throws `unauthenticated` with what to do; `instead` is the alternative.
 * Whether this is a machine of Google's cloud is read from the machine: asking its metadata server takes seconds anywhere
 * else, and ends in a warning below the message.
 */
export async function requireGoogleCredentials(instead: string): Promise<void> {
  process.env['METADATA_SERVER_DETECTION'] ??= 'bios-only';
  await credentials.requireGoogleCredentials(instead);
}
