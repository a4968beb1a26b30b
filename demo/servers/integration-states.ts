import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How a demo integration behaves: correctly, not at all, or slowly. */
export const IntegrationState = z.enum(['on', 'off', 'slow']);
export type IntegrationState = z.infer<typeof IntegrationState>;

const States = z.record(z.string(), IntegrationState);
export type IntegrationStates = Readonly<z.infer<typeof States>>;

/** The file of the demo integrations' states, shared by the server and the command line. */
export function statesFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-integrations.json');
}

/** The switched integrations; all others are on. A missing or damaged file switches nothing. */
export function readStates(file: string): IntegrationStates {
  try {
    return States.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Switches one integration. The file is replaced as a whole, so a reader never sees half of it. */
export function switchIntegration(dataDirectory: string, id: string, state: IntegrationState): void {
  const file = statesFile(dataDirectory);
  mkdirSync(dataDirectory, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...readStates(file), [id]: state }, null, 2)}\n`);
  renameSync(draft, file);
}

/** Switches everything on. */
export function resetIntegrations(dataDirectory: string): void {
  rmSync(statesFile(dataDirectory), { force: true });
}
