import { cut } from '#core/cut.ts';
import { PlaybookError } from '#core/failure.ts';
import type { DocumentValue, Write } from '#ports/documents/documents.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import type { AuditedAction } from '../audit/audit-entry.ts';
import { commitAudited } from '../audit/audit-log.ts';
import { findDocument } from '../store/find-document.ts';
import { personText } from '../audit/person-text.ts';
import { PLAYBOOKS, readPlaybook, type Pause, type PlaybookRecord } from './playbooks.ts';
import { refusePast } from '../audit/refuse-past.ts';

const REASON = { name: 'A reason', minChars: 1, maxChars: 500 } as const;

/** Whether the switch was already set like that, so that nothing was changed or recorded. */
export interface SwitchChange {
  readonly already: boolean;
}

/**
 * Pauses a playbook until a future instant, or (null) until it is resumed: no execution begins; running ones may end. Throws
 * `input_invalid` without a reason (at most 500 characters), for a past or invalid instant and for an unknown playbook;
 * `invalid_playbook` where its record is not readable; and what `commitAudited` throws.
 */
export async function pausePlaybook(
  world: ChangeWorld,
  actor: Actor,
  {
    playbookId,
    until,
    ...asked
  }: { readonly playbookId: string; readonly reason: string; readonly until: Date | null },
): Promise<SwitchChange> {
  const reason = personText(asked.reason, REASON);
  return commitSwitch(world, actor, playbookId, ({ pause }) => {
    refusePast(until, world.clock.now());
    if (pause?.reason === reason && pause.by === actor.email && pause.until?.getTime() === until?.getTime())
      return 'already';
    const after: Pause = { reason, until, by: actor.email };
    const details = { until: until?.toISOString() ?? null };
    return { field: 'pause', value: after, action: { action: 'playbook_paused', reason, details } };
  });
}

/** Ends the pause of a playbook. Throws like `pausePlaybook`. */
export async function resumePlaybook(
  world: ChangeWorld,
  actor: Actor,
  { playbookId }: { readonly playbookId: string },
): Promise<SwitchChange> {
  return commitSwitch(world, actor, playbookId, ({ pause }) => {
    if (pause === null) return 'already';
    const details = { pausedBy: pause.by, until: pause.until?.toISOString() ?? null, reason: pause.reason };
    return { field: 'pause', value: null, action: { action: 'playbook_resumed', details } };
  });
}

/**
 * Enables or disables a playbook. The setting survives seeding, until the value in the playbook's file changes.
 * Throws like `pausePlaybook`.
 */
export async function setEnabled(
  world: ChangeWorld,
  actor: Actor,
  asked: { readonly playbookId: string; readonly enabled: boolean; readonly reason: string },
): Promise<SwitchChange> {
  const reason = personText(asked.reason, REASON);
  return commitSwitch(world, actor, asked.playbookId, ({ enabled }) => {
    if (enabled === asked.enabled) return 'already';
    const action = asked.enabled ? 'playbook_enabled' : 'playbook_disabled';
    return { field: 'enabled', value: asked.enabled, action: { action, reason } };
  });
}

type SwitchPlan =
  'already' | { readonly field: string; readonly value: DocumentValue; readonly action: Omit<AuditedAction, 'target'> };

async function commitSwitch(
  world: ChangeWorld,
  actor: Actor,
  playbookId: string,
  plan: (record: PlaybookRecord) => SwitchPlan,
): Promise<SwitchChange> {
  return commitAudited<SwitchChange>(world, actor, async () => {
    const stored = await findDocument(world.documents, PLAYBOOKS, playbookId);
    if (stored === undefined) {
      throw new PlaybookError('input_invalid', `There is no playbook ${cut(playbookId, 200)} in the database.`);
    }
    const record = readPlaybook(stored);
    const planned = plan(record);
    if (planned === 'already') return { kind: 'unchanged', result: { already: true } };
    const { field, value, action } = planned;
    const update: Write = {
      kind: 'update',
      path: stored.path,
      changes: [{ field: [field], value }],
      ifUpdateTime: stored.updateTime,
    };
    const target = { kind: 'playbook', id: playbookId, name: record.name } as const;
    return { kind: 'change', writes: [update], action: { ...action, target }, result: { already: false } };
  });
}
