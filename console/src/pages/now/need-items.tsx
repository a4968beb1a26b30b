import { stepUnderWay } from '#engine/record/step-under-way.ts';
import type { SeenRunning } from '#records/executions/seen-execution.ts';
import type { ListedThread } from '#records/threads/thread-queries.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import type { KnownIntegration } from '#console/view/records/known-integrations.ts';
import type { FailingPlaybook } from './failing.ts';
import { NeedItem } from './need-item.tsx';

interface ThreadProps {
  readonly thread: ListedThread;
  readonly time: ReaderTime;
}

/** A thread that waits for a decision. */
export const Approval = ({ thread, time }: ThreadProps) => (
  <NeedItem {...threadItem(thread)} badge={{ tone: 'warn', sign: '?', word: 'approval' }}>
    {thread.deadlineAt === null ? null : (
      <>
        expires <Time at={thread.deadlineAt} {...time} />
        {' · '}
      </>
    )}
    for <Text value={thread.assignee} max={40} />
  </NeedItem>
);

/** An open incident. */
export const Incident = ({ thread, time }: ThreadProps) => (
  <NeedItem {...threadItem(thread)} badge={{ tone: 'alert', sign: '!', word: 'incident' }}>
    opened <Time at={thread.createdAt} {...time} />
    {' · '}for <Text value={thread.assignee} max={40} />
  </NeedItem>
);

function threadItem({ id, title }: ListedThread) {
  return { id, title, href: `/inbox/${encodeURIComponent(id)}` };
}

/** An execution past its deadline whose runner is silent. */
export const Dead = ({ execution, time }: { execution: SeenRunning; time: ReaderTime }) => {
  const { id, playbookName, deadlineAt, silentSince } = execution;
  const step = stepUnderWay(Object.values(execution.steps));
  return (
    <NeedItem
      id={`dead-${id}`}
      href={executionHref(id)}
      badge={{ tone: 'alert', sign: '!', word: 'silent' }}
      title={playbookName}
    >
      deadline passed <Time at={deadlineAt} {...time} />, runner silent
      {silentSince === null ? null : (
        <>
          {' '}
          since <Time at={silentSince} {...time} absolute />
        </>
      )}
      {step === undefined ? null : (
        <>
          , in step <Text value={step} max={80} />
        </>
      )}
    </NeedItem>
  );
};

/** An integration that does not answer. */
export const Offline = ({ integration, time }: { integration: KnownIntegration; time: ReaderTime }) => {
  const { id, name, health } = integration;
  const lastOkAt = health?.lastSuccessAt ?? null;
  return (
    <NeedItem
      id={`integration-${id}`}
      href={`/health#integration-${id}`}
      badge={{ tone: 'alert', sign: '✕', word: 'offline' }}
      title={name}
    >
      {outageWords(health?.consecutiveFailures ?? 0)}
      {lastOkAt === null ? null : (
        <>
          , last OK <Time at={lastOkAt} {...time} />
        </>
      )}
    </NeedItem>
  );
};

function outageWords(failures: number): string {
  if (failures === 0) return 'not responding';
  return failures === 1 ? 'last check failed' : `last ${failures} checks failed`;
}

/** A playbook of which executions failed in the last 24 hours. */
export const Failing = ({ playbook, time }: { playbook: FailingPlaybook; time: ReaderTime }) => {
  const { playbookId, name, count, latest } = playbook;
  const all = hrefOf('/executions', { playbook: playbookId, status: 'failed' });
  return (
    <NeedItem
      id={`failed-${playbookId}`}
      href={count === 1 && latest !== undefined ? executionHref(latest.id) : all}
      badge={{ tone: 'alert', sign: '✕', word: 'failed' }}
      title={name}
    >
      {count === 1 ? 'once' : `${count} times`} in 24 h
      {latest === undefined ? null : (
        <>
          , {count === 1 ? null : 'last '}
          <Time at={latest.startedAt} {...time} />: <Text value={latest.error} max={160} />
        </>
      )}
    </NeedItem>
  );
};
