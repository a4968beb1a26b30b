import { escapeMarkdown } from '#core/clean-text.ts';
import { type Message, channelNamed } from '#channels/channel.ts';
import { dashboard } from '#channels/dashboard/dashboard.ts';
import { outgoing } from '#channels/notification.ts';
import { failureClassOf, PlaybookError } from '#core/failure.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { type Notification, NOTIFICATIONS } from '#records/notifications/notifications.ts';
import { dayOf } from '#records/store/utc-periods.ts';
import { deliverThrough } from '../delivery/deliver-through.ts';
import { refusalReason, type ModelFailure } from './model-refusal.ts';
import type { StepPorts } from '../definition/define-step.ts';
import { addressesOf } from '../delivery/recipients.ts';

const DASHBOARD = dashboard.name;
const TELL_LIMIT_MS = 10_000;
const SUBJECT = 'Claude is unavailable: reports contain figures without commentary';

/**
 * Notifies people that the language model was unavailable, once a day (UTC) for each reason: on the dashboard, and through
 * the playbook's alerts if it has any. The step that creates the notification of the day sends the alerts; after a crash, the
 * same step continues with the same keys. It never fails the step: a channel that is down keeps its failed message, as usual.
 * An execution that may notify only one person notifies no one, and leaves the day to the others.
 */
export async function tellOfRefusal(failure: ModelFailure, context: StepContext, ports: StepPorts): Promise<void> {
  if (context.onlyTo !== undefined) return;
  const reason = refusalReason(failure);
  const message = outgoing({ to: [], priority: 'high', subject: SUBJECT, body: bodyOf(failure, context) }, ports);
  try {
    const turn = await takeTurn(`model_${dayOf(context.clock.now())}_${reason}`, message, context, ports);
    if (turn !== 'told by another') await alert(message, tellingContext(reason, turn, context), ports);
  } catch (thrown) {
    if (isFaultOfOurs(thrown)) throw thrown;
  }
}

function bodyOf({ message }: ModelFailure, { playbookName, stepPath }: StepContext): string {
  return [
    `**${escapeMarkdown(message)}**`,
    `The step ${stepPath} of ${playbookName} wrote its report only from the data, as will every other step until this is fixed. You are notified once a day per reason.`,
  ].join('\n\n');
}

type Turn = 'ours' | 'ours again' | 'told by another';

/** Creates the notification of the day, which appears on the dashboard; it already exists if another step was faster. */
async function takeTurn(id: string, message: Message, context: StepContext, { documents }: StepPorts): Promise<Turn> {
  const { executionId, playbookId, stepPath, clock, expireAt } = context;
  const { priority, subject, body } = message;
  const path = `${NOTIFICATIONS}/${id}_${DASHBOARD}`;
  const data = {
    executionId,
    playbookId,
    stepPath,
    channel: DASHBOARD,
    priority,
    subject,
    body,
    deliveries: [{ channel: DASHBOARD, to: DASHBOARD, status: 'sent', messageId: path }],
    status: 'sent',
    createdAt: clock.now(),
    expireAt,
  } satisfies Notification;
  try {
    await documents.commit([{ kind: 'create', path, data }]);
    return 'ours';
  } catch (thrown) {
    // It already exists, or the answer was lost: then it may exist.
    const stored = thrown instanceof DocumentsError ? await documents.get(path) : undefined;
    if (stored === undefined) throw thrown;
    const isOurs = stored.data['executionId'] === executionId && stored.data['stepPath'] === stepPath;
    return isOurs ? 'ours again' : 'told by another';
  }
}

/** A separate step path, so that the alert's messages have their own ids and keys, the same on every attempt. */
function tellingContext(reason: string, turn: Turn, context: StepContext): StepContext {
  const stepPath = `${context.stepPath}/$model_${reason}`;
  return {
    ...context,
    stepPath,
    idempotencyKey: `${context.executionId}/${stepPath}`,
    // An unrecorded attempt may already have sent messages: from attempt 2 on, channels check before they send again.
    attempt: turn === 'ours' ? context.attempt : Math.max(2, context.attempt),
  };
}

async function alert(message: Message, context: StepContext, ports: StepPorts): Promise<void> {
  const { alerts } = context;
  const names = new Set(alerts?.channels.filter((name) => name !== DASHBOARD));
  if (alerts === undefined || names.size === 0) return;
  const to = alerts.to === undefined ? [] : addressesOf(alerts.to, await ports.settings.people());
  const { priority } = alerts;
  const channels = [...names].map((name) => channelNamed(ports.channels, name));
  // The step still has to write its report.
  const over = new AbortController();
  const cancel = context.clock.after(TELL_LIMIT_MS, () => {
    over.abort(new PlaybookError('timeout', `People could not be notified within ${TELL_LIMIT_MS} ms.`));
  });
  try {
    const signal = AbortSignal.any([context.signal, over.signal]);
    await deliverThrough(channels, { ...message, to, priority }, { ...context, signal }, ports);
  } finally {
    cancel();
  }
}

function isFaultOfOurs(thrown: unknown): boolean {
  if (thrown instanceof DocumentsError) return thrown.code === 'invalid';
  return !(thrown instanceof PlaybookError) || failureClassOf(thrown.code) === 'internal';
}
