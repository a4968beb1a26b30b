import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { deliver } from '#testing/runner/deliver.ts';
import { startLocalServer, type LocalServer } from '#testing/servers/local-server.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';

const run = promisify(execFile);
const CURRENT = 'the-secret-of-today';
const PREVIOUS = 'the-secret-of-yesterday';
const PLAYBOOK_ID = 'ops_full_stack';
const SLOW_MS = 100;
const AUTHORISED = { authorization: `Bearer ${CURRENT}` };

interface Call {
  readonly method?: string;
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The built function behind the real Functions Framework, called as Cloud Scheduler calls it, on any database. */
export function describeFullStack(openDatabase: () => RunnerDatabase): void {
  let functions: BuiltFunctions;
  let database: RunnerDatabase;
  let runner: RunnerProcess;
  let api: LocalServer;
  let apiCalls = 0;

  const start = (env: Readonly<Record<string, string>>): Promise<RunnerProcess> =>
    startRunnerProcess({ source: functions.source, env: { ...database.env, ...env } });

  beforeAll(async () => {
    functions = await buildFunctions();
    database = openDatabase();
    api = await startLocalServer(async () => {
      apiCalls += 1;
      await delay(SLOW_MS);
      return { kind: 'reply', status: 200, body: 'ok' };
    });
    const steps = [{ id: 'call', type: 'tool_call', tool: 'httpRequest', with: { url: `${api.url}/` } }];
    const playbook = Playbook.parse({ id: PLAYBOOK_ID, name: 'Full stack', steps });
    await applySeed(database.documents, [{ playbook, version: 'v1', source: '' }], new Date());
    runner = await start({
      CRON_SECRET: CURRENT,
      CRON_SECRET_PREVIOUS: PREVIOUS,
      HTTP_ALLOW_PRIVATE: `${api.host}:${api.port}`,
    });
  }, 60_000);

  afterAll(async () => {
    await runner.kill();
    await api.close();
    await database.close();
    functions.remove();
  });

  describe('the built function', () => {
    test('runs one execution for 100 deliveries of a slot, 20 at a time, and answers all of them alike', async () => {
      const slot = thisMinute();
      const call = { url: runner.url, secret: CURRENT, playbookId: PLAYBOOK_ID, slot };
      apiCalls = 0;

      const answers = [];
      for (let batch = 0; batch < 5; batch += 1) {
        answers.push(...(await Promise.all(Array.from({ length: 20 }, () => deliver(call)))));
      }

      const executionId = slotExecutionId(PLAYBOOK_ID, slot);
      expect(apiCalls).toBe(1);
      expect(new Set(answers.map(({ body }) => body.executionId))).toEqual(new Set([executionId]));
      expect(answers.every(({ httpStatus, body }) => httpStatus === (body.status === 'running' ? 202 : 200))).toBe(
        true,
      );
      expect(answers.slice(20).map(({ body }) => body.status)).toEqual(Array.from({ length: 80 }, () => 'succeeded'));
      const { count } = await database.documents.aggregate({ collection: 'playbook_executions' });
      expect(count).toBe(1);
      expect(await loadExecution(database.documents, executionId)).toMatchObject({
        status: 'succeeded',
        stepsExecuted: 1,
      });
    });

    test.each([
      ['the current secret', { authorization: `Bearer ${CURRENT}` }],
      ['the previous secret', { authorization: `Bearer ${PREVIOUS}` }],
      ['the secret in X-Cron-Secret', { authorization: 'Bearer a.b.c', 'x-cron-secret': CURRENT }],
    ])('lets %s in', async (_, headers) => {
      expect((await call({ headers, search: '?playbookId=ops_unknown' })).status).toBe(404);
    });

    test.each([
      ['no secret', {}],
      ['a wrong secret', { authorization: 'Bearer wrong' }],
      ['a secret that only begins like the right one', { authorization: `Bearer ${CURRENT.slice(0, -1)}` }],
      ['the right secret in the wrong form', { authorization: `Basic ${CURRENT}` }],
    ])('answers %s with the same 401', async (_, headers) => {
      const answer = await call({ headers, search: `?playbookId=${PLAYBOOK_ID}` });

      expect(answer.status).toBe(401);
      expect(answer.text).toBe('{"success":false,"status":"refused","error":"Unauthorized"}');
    });

    test.each(['GET', 'PUT', 'DELETE'])('answers %s with 405 and what is allowed', async (method) => {
      const answer = await call({ method });

      expect(answer.status).toBe(405);
      expect(answer.allow).toBe('POST');
    });

    const header = 'x-cloudscheduler-scheduletime';
    test.each<readonly [string, number, Call]>([
      ['no playbookId', 400, { search: '' }],
      ['two of them', 400, { search: '?playbookId=a&playbookId=b' }],
      ['a playbookId that is a path', 400, { search: '?playbookId=../secrets' }],
      ['a parameter that nobody knows', 400, { search: `?playbookId=${PLAYBOOK_ID}&dry=1` }],
      ['a time that is none', 400, { headers: { [header]: 'yesterday' } }],
      ['a time in the future', 400, { headers: { [header]: '2999-01-01T00:00:00Z' } }],
      ['a body that is not JSON', 400, { body: '{' }],
      ['a body that says something', 400, { body: '{"playbookId":"ops_other"}' }],
      ['a body that is too large', 413, { body: JSON.stringify({ text: 'x'.repeat(70_000) }) }],
      ['a playbook that is not there', 404, { search: '?playbookId=ops_unknown' }],
    ])('refuses %s with %i, and writes nothing', async (_, status, { headers = {}, ...rest }) => {
      const before = await database.documents.aggregate({ collection: 'playbook_executions' });

      const answer = await call({
        search: `?playbookId=${PLAYBOOK_ID}`,
        ...rest,
        headers: { ...AUTHORISED, ...headers },
      });

      expect(answer.status).toBe(status);
      expect(await database.documents.aggregate({ collection: 'playbook_executions' })).toEqual(before);
    });

    test.each([
      ['missing', {}],
      ['empty', { CRON_SECRET: ' \n' }],
    ])('does not start while CRON_SECRET is %s, and says so', async (_, env) => {
      await expect(start(env)).rejects.toThrow('CRON_SECRET is missing or empty');
    });

    test('is deployed under the names under which it is served', async () => {
      const names = async (env: Readonly<Record<string, string>>): Promise<string> => {
        const print = `console.log(Object.keys(require(${JSON.stringify(`${functions.source}/lib/index.js`)})).sort().join()); process.exit();`;
        const { stdout } = await run(process.execPath, ['-e', print], { env: { ...database.env, ...env } });
        return stdout.trim();
      };

      expect(await names({ FUNCTIONS_CONTROL_API: 'true' })).toBe(await names({ CRON_SECRET: CURRENT }));
    });

    test('ends at once when the cloud takes the instance away', async () => {
      const instance = await start({ CRON_SECRET: CURRENT });
      await fetch(instance.url);

      expect(await instance.terminate()).toBe(0);
    });
  });

  async function call({ method = 'POST', search = '', headers = {}, body }: Call) {
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${runner.url}/${search}`, {
      method,
      headers: { ...content, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, allow: response.headers.get('allow'), text: await response.text() };
  }
}

function thisMinute(): Date {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000);
}
