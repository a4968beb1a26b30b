import { z } from 'zod';
import type { Playbook, Step } from '#language/playbook/playbook.ts';
import type { StepType } from '#language/playbook/step-type.ts';
import { stepTypesForChecking } from '#steps/index.ts';
import { tools } from '#tools/index.ts';
import type { People } from '#language/settings/people.ts';

/** One thing that an execution may do to the world outside, in words. */
export interface OutsideEffect {
  readonly words: string;
  /** When it happens: `In “Draft the mails”`; `May happen in …` where that depends on what the execution finds. */
  readonly when: string;
}

type Roles = People['roles'];

const stepTypes: ReadonlyMap<string, StepType> = new Map(stepTypesForChecking.map((type) => [type.type, type]));

const Notify = z.looseObject({ channels: z.array(z.string()), to: z.array(z.string()).default([]) });
const Thread = z.looseObject({
  kind: z.string(),
  assignee: z.string(),
  needsApproval: z.union([z.boolean(), z.string()]).optional(),
});
const ToolCall = z.looseObject({ tool: z.string(), with: z.looseObject({}).default({}) });
const HttpInput = z.looseObject({ method: z.string().default('GET'), url: z.string() });
const Delegate = z.looseObject({ agent: z.string() });

/**
 * The effects of a playbook's steps on the outside world, in the order of the playbook: messages and who gets them, threads,
 * calls that change something, model calls. Read from the definition: what an expression decides is marked as such.
 */
export function outsideEffects({ steps, alerts }: Playbook, roles: Roles): readonly OutsideEffect[] {
  const effects = effectsOf(steps, roles, false);
  if (alerts === undefined) return effects;
  const told = notifyWords({ channels: alerts.channels, to: alerts.to ?? [] }, roles);
  return [...effects, ...told.map((words) => ({ words, when: 'If it fails or a criterion is in its alert band' }))];
}

function effectsOf(steps: readonly Step[], roles: Roles, perhaps: boolean): readonly OutsideEffect[] {
  return steps.flatMap((step) => {
    const mayBeSkipped = perhaps || (step.if !== undefined && step.type !== 'condition');
    const when = `${mayBeSkipped ? 'May happen in' : 'In'} “${step.name ?? step.id}”`;
    const own = wordsOf(step, roles).map((words) => ({ words, when }));
    return [...own, ...blocksOf(step).flatMap((nested) => effectsOf(nested, roles, true))];
  });
}

function blocksOf(step: Step): readonly (readonly Step[])[] {
  const type = stepTypes.get(step.type);
  try {
    return type?.kind === 'control' ? type.blocks(step).map((block) => block.steps) : [];
  } catch {
    // Such a playbook does not run.
    return [];
  }
}

function wordsOf(step: Step, roles: Roles): readonly string[] {
  switch (step.type) {
    case 'notify': {
      const read = Notify.safeParse(step);
      return read.success ? notifyWords(read.data, roles) : ['Messages to recipients that an expression names'];
    }
    case 'create_thread':
      return [threadWords(step, roles)];
    case 'delegate': {
      const agent = Delegate.safeParse(step).data?.agent;
      return [`Model calls as the agent ${agent === undefined ? 'that an expression names' : named(agent)}`];
    }
    case 'synthesize':
      return ['Model calls for a report'];
    case 'tool_call':
      return toolWords(step);
    default:
      return hasEffect(step) ? [`The effect of a step of type ${step.type}`] : [];
  }
}

function notifyWords({ channels, to }: { channels: readonly string[]; to: readonly string[] }, roles: Roles) {
  return channels.map((channel) => {
    switch (channel) {
      case 'email':
        return `A mail to ${to.map((recipient) => recipientWords(recipient, roles)).join(', ') || 'no one'}`;
      case 'slack':
        return 'A Slack message';
      case 'dashboard':
        return 'A note in Notifications';
      default:
        return `A message through ${named(channel)}`;
    }
  });
}

function threadWords(step: Step, roles: Roles): string {
  const read = Thread.safeParse(step);
  if (!read.success) return 'A thread in the inbox';
  const { kind, assignee, needsApproval = kind === 'campaign' } = read.data;
  const asks = needsApproval === false ? '' : ', waiting for approval';
  return `A thread (${named(kind)}) in the inbox for ${recipientWords(assignee, roles)}${asks}`;
}

function toolWords(step: Step): readonly string[] {
  const read = ToolCall.safeParse(step);
  if (!read.success) return [];
  const tool = tools.find(({ name }) => name === read.data.tool);
  if (tool === undefined || tool.effect === 'none') return [];
  if (tool.name !== 'httpRequest') return [`${tool.name}: ${tool.summary}`];
  const { method = 'GET', url = 'an address' } = HttpInput.safeParse(read.data.with).data ?? {};
  return [`An HTTP call: ${named(method)} ${named(url)}`];
}

function hasEffect(step: Step): boolean {
  const type = stepTypes.get(step.type);
  try {
    return type === undefined || (type.kind === 'action' && type.effect(step) !== 'none');
  } catch {
    return true;
  }
}

function recipientWords(recipient: string, roles: Roles): string {
  const addresses = Object.hasOwn(roles, recipient) ? (roles[recipient] ?? []) : [];
  return addresses.length === 0 ? named(recipient) : `${recipient} (${addresses.join(', ')})`;
}

function named(text: string): string {
  return text.includes('${{') ? '(from an expression)' : text;
}
