import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSteps, startBuiltFunction } from './built-product.ts';
import { MAIL, POST, REPORT, WRITTEN } from './exchange.ts';
import { EXCHANGES } from './exchanges.ts';
import { openWireWorld } from './wire-world.ts';

let world: Awaited<ReturnType<typeof openWireWorld>>;

beforeAll(async () => {
  world = await openWireWorld();
}, 120_000);

afterAll(() => world.close());

describe('the built function', () => {
  test('sends a mail, posts to Slack and calls Claude, in plain Node', async () => {
    const { mailjet, slack, claude } = world.servers;
    claude.replies.push(WRITTEN);

    const body = '${{ steps.report.output.markdown }}';
    const record = await runSteps(world.database, world.runner, [REPORT, { ...MAIL, body }, { ...POST, body }]);

    expect(record).toMatchObject({ status: 'succeeded', stepsExecuted: 3 });
    expect(claude.requests).toMatchObject([{ model: 'claude-sonnet-5-5' }]);
    expect(mailjet.calls).toEqual(['POST /v3.1/send']);
    expect(mailjet.mails).toMatchObject([{ subject: 'Hi', text: expect.stringContaining('There were 12 signups.') }]);
    expect(JSON.stringify(slack.posted)).toContain('There were 12 signups.');
  });
});

for (const [adapter, exchanges] of Object.entries(EXCHANGES)) {
  describe(`the built adapter ${adapter}`, () => {
    for (const { title, run } of exchanges) {
      test(`it ${title}`, async () => {
        await expect(run(world)).resolves.toBeUndefined();
      }, 30_000);
    }
  });
}

describe('a bug of ours in the built function', () => {
  test('is internal, is not reported as an outage, and leaves its stack in the log', async () => {
    const broken = 'globalThis.fetch = function broken() { return missing.name; }';
    const runner = await startBuiltFunction({
      ...world.database.env,
      SLACK_WEBHOOK_URL: world.servers.slack.webhookUrl,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(broken)}`,
    });

    const record = await runSteps(world.database, runner, [POST]);

    expect(record).toMatchObject({ status: 'failed', failure: { code: 'internal', class: 'internal' } });
    expect(record.steps['post']?.attempts).toHaveLength(1);
    expect(JSON.stringify(record)).not.toMatch(/reached|did not answer/);
    await expect.poll(() => runner.output()).toMatch(/ReferenceError: missing is not defined\\n +at broken/);
    await runner.kill();
  }, 30_000);
});
