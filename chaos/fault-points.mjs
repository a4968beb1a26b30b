import { appendFileSync } from 'node:fs';
import { channel } from 'node:diagnostics_channel';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import { StatementSync } from 'node:sqlite';

/**
 * Loaded before the built function (`node --import`): numbers the moments of one delivery at which something leaves the
 * process or comes back (a write of the database, an outside call), and does at one of them what the delivery's header
 * `x-chaos` asks for: `kill@5`, `stop@5`, or `list`, which appends each to the file `CHAOS_POINTS`. Not TypeScript,
 * because the type loader would take longer to load than the function.
 */
const { CHAOS_POINTS, CHAOS_CLOCK_SHIFT_MS, CHAOS_PREFER_REST } = process.env;

const SIGNALS = { kill: 'SIGKILL', stop: 'SIGSTOP' };
let plan = { action: 'none', at: 0 };
let count = 0;

/** Something is about to happen, or has happened. */
function point(what) {
  if (plan.action === 'none') return;
  count += 1;
  // Stopped inside a write of SQLite, a runner would hold the file: an outage, not a freeze.
  if (plan.action === 'stop' && count === plan.at && what === 'inside a write') plan.at += 1;
  if (plan.action === 'list') appendFileSync(CHAOS_POINTS, `${count} ${what}\n`);
  else if (count === plan.at) process.kill(process.pid, SIGNALS[plan.action]);
}

channel('http.server.request.start').subscribe(({ request, response }) => {
  const [action, at = '0'] = (request.headers['x-chaos'] ?? 'none').split('@');
  plan = { action, at: Number(at) };
  count = 0;
  response.once('finish', () => {
    plan = { action: 'none', at: 0 };
  });
});

// Outside calls: over Node's client, and over fetch.
channel('http.client.request.start').subscribe(() => point('before a call'));
channel('http.client.response.finish').subscribe(() => point('after a call'));
channel('undici:request:create').subscribe(() => point('before a call'));
channel('undici:request:headers').subscribe(() => point('after a call'));

// Writes of SQLite.
const { run } = StatementSync.prototype;
StatementSync.prototype.run = function runWithPoints(...given) {
  const sql = this.sourceSQL;
  if (sql === 'BEGIN IMMEDIATE') point('before a write');
  if (sql === 'COMMIT') point('inside a write');
  const result = run.apply(this, given);
  if (sql === 'COMMIT') point('after a write');
  return result;
};

// Writes of Firestore over gRPC.
const { connect } = http2;
http2.connect = function connectWithPoints(...given) {
  const session = connect.apply(this, given);
  const request = session.request.bind(session);
  session.request = (headers, ...rest) => {
    const isWrite = String(headers[':path']).endsWith('/Commit');
    if (isWrite) point('before a write');
    const stream = request(headers, ...rest);
    if (isWrite) stream.once('trailers', () => point('after a write'));
    return stream;
  };
  return session;
};

if (CHAOS_PREFER_REST !== undefined) {
  const { Firestore } = createRequire(import.meta.url)('@google-cloud/firestore');
  const { settings } = Firestore.prototype;
  Firestore.prototype.settings = function settingsOverRest(given) {
    return settings.call(this, { ...given, preferRest: true, customHeaders: { connection: 'close' } });
  };
}

if (CHAOS_CLOCK_SHIFT_MS !== undefined) {
  const shiftMs = Number(CHAOS_CLOCK_SHIFT_MS);
  const SystemDate = Date;
  globalThis.Date = class Date extends SystemDate {
    constructor(...given) {
      if (given.length === 0) super(SystemDate.now() + shiftMs);
      else super(...given);
    }

    static now() {
      return SystemDate.now() + shiftMs;
    }
  };
}
