import { Playbook } from '#language/playbook/playbook.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Failure } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { changeControl } from '#records/settings/control.ts';
import { INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { NOTIFICATIONS } from '#records/notifications/notifications.ts';
import { pausePlaybook } from '#records/playbooks/playbook-switches.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { settingPath } from '#records/settings/settings.ts';
import { comment } from '#records/threads/thread-changes.ts';
import { modifyPayload } from '#records/threads/thread-decisions.ts';
import { contentSha256 } from '#records/threads/thread.ts';
import { changeWorld } from '#testing/builders/change-world.ts';
import { aModelCall } from '#testing/builders/an-execution.ts';
import { doneStep, failedStep, runningStep, storeExecution, type ToStore } from './store-execution.ts';
import { afterHours, openTestThread } from './thread-of.ts';

/** What data and models can say, all in one text: markup, links that run, quotes, and characters that hide or turn. */
export const HOSTILE_TEXT = [
  '<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style><iframe src=//evil.example>',
  `"'\`><svg/onload=alert(1)>`,
  '</textarea></title></pre></script><b>bold</b>',
  '[run](javascript:alert(1)) ![pixel](https://evil.example/p.png) <javascript:alert(1)> https://evil.example/x',
  '\u202Etxet desrever\u2066 a\u200Bb\u00ADc\uFEFFd \u{E0041}',
  '&lt;b&gt; &#x3C;i&#x3E; ${{ secrets.x }} {{constructor}}',
].join(' ');

/** How the hostile texts of a set of records are: a name, and what may be long. */
export interface HostileTexts {
  /** Names, titles, ids within records. */
  readonly name: string;
  /** Bodies, payloads, outputs, messages. */
  readonly body: string;
}

/** The ordinary, the long and the huge kind: 10,000 characters in every name, and nearly as much as a document holds. */
export const HOSTILE_SETS: Readonly<Record<'marked' | 'long' | 'huge', HostileTexts>> = {
  marked: { name: HOSTILE_TEXT, body: `# ${HOSTILE_TEXT}\n\n- ${HOSTILE_TEXT}\n\n    ${HOSTILE_TEXT}` },
  long: { name: HOSTILE_TEXT + 'W'.repeat(10_000), body: `${HOSTILE_TEXT} word `.repeat(40) + 'W'.repeat(10_000) },
  huge: { name: HOSTILE_TEXT, body: HOSTILE_TEXT + '<b>&"\u202E'.repeat(100_000) },
};

/** An id that a database takes. */
export const HOSTILE_ID = `<img src=x onerror=alert(1)>"'&#%3C?=\u202E@`;
/** Of the playbook whose definition is hostile: ids of playbooks are words. */
export const HOSTILE_PLAYBOOK = 'ops_hostile';
const ACTOR = { email: `${HOSTILE_ID}@example.com`, role: 'admin' } as const;
const CREATED = new Date('2026-11-20T13:00:00.000Z');
const EXPIRES = new Date('2027-12-25T00:00:00.000Z');

/** Stores one record of every kind, hostile in every field that data or a model can reach. */
export async function storeHostileRecords(documents: Documents, texts: HostileTexts): Promise<void> {
  await storePlaybook(documents, texts);
  await storeHostileExecutions(documents, texts);
  await storeThreads(documents, texts);
  await storeNotifications(documents, texts);
  await storeIntegrations(documents, texts);
  const world = { ...changeWorld(documents), documents };
  const target = { kind: 'playbook', id: HOSTILE_ID, name: texts.name } as const;
  await appendAudit(world, ACTOR, {
    action: 'playbook_paused',
    target,
    reason: texts.body.slice(0, 5_000),
    details: data(texts),
  });
  await pausePlaybook(world, ACTOR, {
    playbookId: HOSTILE_PLAYBOOK,
    reason: texts.name.slice(0, 400),
    until: null,
  });
  await changeControl(world, ACTOR, { mode: 'drain', until: null, reason: texts.name.slice(0, 400) });
}

function data({ name, body }: HostileTexts): Json {
  return {
    [name.slice(0, 200)]: name,
    ...JSON.parse('{"__proto__": {"polluted": true}}'),
    body: body.slice(0, 20_000),
  };
}

async function storePlaybook(documents: Documents, { name, body }: HostileTexts): Promise<void> {
  const playbook = Playbook.parse({
    id: HOSTILE_PLAYBOOK,
    name: name.slice(0, 200),
    description: body.slice(0, 500),
    owner: HOSTILE_ID,
    labels: { area: name.slice(0, 60) },
    schedule: { cron: '0 * * * *', timeZone: 'America/New_York' },
    inputs: {
      note: { name: name.slice(0, 60), description: name.slice(0, 200), type: 'string', default: name.slice(0, 200) },
    },
    steps: [
      {
        id: 'tell',
        name: name.slice(0, 60),
        type: 'notify',
        channels: ['email'],
        to: [HOSTILE_ID],
        subject: name.slice(0, 200),
        body: 'Hello.',
      },
    ],
    criteria: [
      {
        id: 'measured',
        name: name.slice(0, 60),
        unit: name.slice(0, 20),
        value: '1',
        ok: 'value > 0',
        alert: 'value < 0',
      },
    ],
  });
  const source = { playbook, version: 'v1', source: `# ${body.slice(0, 200_000)}` };
  await applySeed(documents, [source], CREATED);
  await applySeed(documents, [{ ...source, version: 'v2', source: `# other\n${source.source}` }], CREATED);
}

async function storeHostileExecutions(documents: Documents, texts: HostileTexts): Promise<void> {
  const { name, body } = texts;
  const failure: Failure = {
    code: 'unavailable',
    class: 'transient',
    message: body.slice(0, 50_000),
    details: data(texts),
  };
  const [asked, ...others] = stepsOf(texts, failure);
  const header: Omit<ToStore, 'status' | 'failure'> = {
    playbookId: HOSTILE_PLAYBOOK,
    playbookName: name,
    trigger: { kind: 'manual', by: ACTOR.email },
    labels: { area: name.slice(0, 500) },
    agents: [HOSTILE_ID],
    inputs: { note: name },
    onlyTo: ACTOR.email,
    slot: null,
  };
  const criteria = [
    { id: HOSTILE_ID, name, value: name, band: 'alert', unit: name.slice(0, 50) },
    { id: 'measured', name, value: null, band: 'unknown', reason: name },
  ] as const;
  await storeExecution(documents, {
    ...header,
    id: HOSTILE_ID,
    status: 'failed',
    failure,
    failedStep: 'call',
    steps: [asked, ...others],
    criteria: [...criteria],
  });
  await storeExecution(documents, { ...header, id: `good ${HOSTILE_ID}`, startedAt: afterHours(-2), steps: [asked] });
  await storeExecution(documents, { ...header, id: `runs ${HOSTILE_ID}`, status: 'running', steps: [asked] });
  await storeExecution(documents, {
    ...header,
    id: `dead ${HOSTILE_ID}`,
    status: 'running',
    lease: { owner: name, nonce: HOSTILE_ID, durationMs: 0, takeovers: 0, interruptions: 0 },
    steps: [runningStep(HOSTILE_ID, { type: HOSTILE_ID })],
  });
  await storeExecution(documents, {
    ...header,
    id: `skipped ${HOSTILE_ID}`,
    status: 'skipped',
    reason: 'paused',
    explanation: body.slice(0, 100_000),
  });
}

/** One that a model wrote, one that is hostile in its own name, and one that failed. */
function stepsOf(texts: HostileTexts, failure: Failure): readonly [StepRecord, ...StepRecord[]] {
  const { name, body } = texts;
  const call = aModelCall({ model: name.slice(0, 200), stopReason: HOSTILE_ID, requestId: HOSTILE_ID });
  const tool = {
    tool: name,
    input: data(texts),
    status: 'failed',
    output: body.slice(0, 10_000),
    durationMs: 1,
  } as const;
  return [
    doneStep('ask', {
      type: 'delegate',
      input: { agent: HOSTILE_ID, task: body.slice(0, 20_000) },
      output: { title: name, markdown: body.slice(0, 30_000), report: body.slice(0, 30_000), actionItems: [name] },
      modelCalls: [call],
      toolCalls: [tool],
      normalised: [name],
    }),
    doneStep(HOSTILE_ID, { order: 1, input: data(texts), output: data(texts), type: HOSTILE_ID }),
    failedStep('call', { ...failure, message: name }, { order: 2, input: data(texts) }),
  ];
}

async function storeThreads(documents: Documents, { name, body }: HostileTexts): Promise<void> {
  const evidence = { executionId: HOSTILE_ID, playbookId: HOSTILE_PLAYBOOK, stepPath: HOSTILE_ID };
  const said = { title: name, assignee: HOSTILE_ID, assigneeAddresses: [ACTOR.email], evidence };
  const drafts = [{ customerId: HOSTILE_ID, to: ACTOR.email, subject: name, text: body.slice(0, 50_000), html: name }];
  await openTestThread(documents, HOSTILE_ID, { ...said, kind: 'incident', body });
  await openTestThread(documents, `ask ${HOSTILE_ID}`, {
    ...said,
    body: body.slice(0, 100_000),
    payload: { drafts, more: name },
    deadlineAt: afterHours(5),
  });
  const world = { ...changeWorld(documents), documents };
  await comment(world, ACTOR, { threadId: HOSTILE_ID, commentId: 'comment-1', text: body.slice(0, 4_000) });
  const [title, changed] = [`${name.slice(0, 200)} changed`, body.slice(0, 10_000)];
  await modifyPayload(world, ACTOR, {
    threadId: `ask ${HOSTILE_ID}`,
    seenSha256: contentSha256({ title: name, body: body.slice(0, 100_000), payload: { drafts, more: name } }),
    title,
    body: changed,
    payload: { drafts: name },
  });
}

async function storeNotifications(documents: Documents, { name, body }: HostileTexts): Promise<void> {
  const failed = { status: 'failed', messageId: null, retryable: false, reason: name, ambiguous: true } as const;
  await documents.commit(
    ['email', 'slack', 'dashboard', HOSTILE_ID].map((channel) => ({
      kind: 'create',
      path: `${NOTIFICATIONS}/${channel}`,
      data: {
        executionId: HOSTILE_ID,
        playbookId: HOSTILE_PLAYBOOK,
        stepPath: HOSTILE_ID,
        channel,
        priority: 'high',
        subject: name,
        body,
        deliveries: [
          { channel, to: ACTOR.email, ...failed },
          { channel, to: name.slice(0, 500), status: 'caught', messageId: HOSTILE_ID },
        ],
        status: 'partial',
        createdAt: CREATED,
        expireAt: EXPIRES,
      },
    })),
  );
}

async function storeIntegrations(documents: Documents, { name }: HostileTexts): Promise<void> {
  const known = { id: 'known', name, group: name.slice(0, 200), kind: 'core', url: 'https://example.com/' };
  const history = {
    lastCheckedAt: CREATED,
    lastStatus: 'offline',
    lastSuccessAt: null,
    lastLatencyMs: null,
    consecutiveFailures: 3,
    hours: {},
    days: {},
  };
  await documents.commit([
    { kind: 'set', path: settingPath('integrations'), data: { content: { integrations: [known] } } },
    { kind: 'set', path: INTEGRATION_HEALTH_PATH, data: { integrations: { known: history, [HOSTILE_ID]: history } } },
    { kind: 'set', path: settingPath('people'), data: { content: { roles: { [HOSTILE_ID]: [ACTOR.email] } } } },
  ]);
}
