import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire, flushCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';

/**
 * Makes the built functions in the given folder answer once, and Firestore's client try to connect, so that the compile
 * cache contains what a first request needs: functions that have never run are not in it. The execution is stored in a
 * SQLite file; no Firestore answers, because only loading its client matters.
 */
const SECRET = 'only-to-warm-the-compile-cache';
const CLIENT_LOADS_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'playbook-build-'));
const file = join(folder, 'playbooks.db');
const documents = sqliteDocuments({ file });
const steps = [
  { id: 'always', type: 'condition', if: 'true', then: [{ id: 'spend', type: 'tool_call', tool: 'getSpend' }] },
];
const playbook = Playbook.parse({ id: 'warm_up', name: 'Warm up', steps });
await applySeed(documents, [{ playbook, version: 'v1', source: '' }], new Date());
await documents.close();

Object.assign(process.env, {
  CRON_SECRET: SECRET,
  PLAYBOOK_DATABASE: `sqlite:${file}`,
  GOOGLE_CLOUD_PROJECT: 'demo-build',
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:9',
  METADATA_SERVER_DETECTION: 'none',
});
const require = createRequire(`${resolve(process.argv[2] ?? 'functions')}/`);
const { playbookRunner } = require('./lib/index.js');
const answer = Promise.withResolvers<Uint8Array>();
const response = { req: { complete: true, socket: {} }, writeHead: () => response, end: answer.resolve };
playbookRunner(
  {
    method: 'POST',
    originalUrl: '/?playbookId=warm_up',
    headersDistinct: { authorization: [`Bearer ${SECRET}`] },
    rawBody: Buffer.alloc(0),
    socket: {},
  },
  response,
);
const text = Buffer.from(await answer.promise).toString();
const { success } = JSON.parse(text);
if (success !== true) throw new Error(`The built function does not run: ${text}`);

const { initializeApp } = require('firebase-admin/app');
const { initializeFirestore } = require('firebase-admin/firestore');
void initializeFirestore(initializeApp({ projectId: 'demo-build' }), { preferRest: false })
  .doc('warm/up')
  .get();
await delay(CLIENT_LOADS_MS);

flushCompileCache();
rmSync(folder, { recursive: true });
process.exit(0);
