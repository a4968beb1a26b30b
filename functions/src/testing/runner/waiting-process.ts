import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { systemClock } from '#adapters/system-clock.ts';
import { DAY_MS } from '#core/duration.ts';
import { redactor } from '#core/redact/redact.ts';
import { resumeExecution, runExecution } from '#engine/run-execution.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import type { Engine } from '#engine/state/run-state.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { readConfig } from '#functions/config.ts';
import { openDocuments } from '#functions/open-documents.ts';
import { executionStore } from '#records/executions/executions.ts';
import { loadVersion } from '#records/playbooks/playbooks.ts';
import { scripted } from '../builders/engine-world.ts';
import { forEach, parallel, wait } from '../builders/waiting-steps.ts';

/**
 * Run as a program, on the database that the environment names: `begin <id> <definition as JSON>` runs an execution until it
 * waits or ends, `resume <id>` resumes it. Effects append their key to the file `EFFECTS`; the one whose key ends with
 * `DIES_IN` kills this process before it is done. Prints what came of it: `{ kind, status }`.
 */
const [command = '', id = '', definition = 'null'] = process.argv.slice(2);
const { EFFECTS = '', DIES_IN = ' ' } = process.env;

const effect = scripted(
  'effect',
  (_, { idempotencyKey }) => {
    appendFileSync(EFFECTS, `${idempotencyKey}\n`);
    if (idempotencyKey.endsWith(DIES_IN)) process.kill(process.pid, 'SIGKILL');
    return 'done';
  },
  { does: 'keyed' },
);

const config = readConfig(process.env);
const documents = await openDocuments(config.database, config.projectId);
const engine: Engine = {
  stepTypes: new Map([wait, parallel, forEach, effect].map((type) => [type.type, type])),
  store: executionStore(documents),
  clock: systemClock,
  redact: redactor(() => []),
  random: Math.random,
  newOwner: () => crypto.randomUUID(),
  leaseMs: 1_000,
  outputs: outputRoom(),
  retentionMs: DAY_MS,
  loadDefinition: (playbookId, version) => loadVersion(documents, playbookId, version),
};

async function begin() {
  const { playbook, version } = z.object({ playbook: Playbook, version: z.string() }).parse(JSON.parse(definition));
  const now = new Date();
  const window = { start: now, end: now };
  return runExecution({ id, playbook, version, slot: null, trigger: { kind: 'manual' }, window }, engine);
}

const ran = command === 'begin' ? await begin() : await resumeExecution(id, engine);
console.log(JSON.stringify({ kind: ran?.kind ?? 'unknown', status: ran?.execution.status ?? null }));
await documents.close();
