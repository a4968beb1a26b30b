import { Playbook } from '#language/playbook/playbook.ts';
import type { z } from 'zod';

type StepInput = z.input<typeof Playbook>['steps'][number];

/** The step types of a random playbook, in addition to `condition`. The caller decides what each does. */
export const RANDOM_STEP_TYPES = [
  'read',
  'echo',
  'effect',
  'flaky',
  'broken',
  'busy',
  'large',
  'asks',
  'hangs',
] as const;

const MAX_DEPTH = 2;
const RETRY = { maxAttempts: 5, initialDelay: '100ms', factor: 2, maxDelay: '300ms' };

/** A small valid playbook whose outcome does not depend on when or how often its steps run. */
export function randomPlaybook(random: () => number, deadline: string): Playbook {
  const ids: string[] = [];
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(items: readonly T[], otherwise: T): T => items[Math.floor(random() * items.length)] ?? otherwise;

  function list(depth: number): StepInput[] {
    const steps = Array.from({ length: 1 + Math.floor(random() * 4) }, () => one(depth));
    return steps.map((step, index) => ({ ...step, ...onFailure(steps.slice(index + 1)) }));
  }

  function onFailure(later: readonly StepInput[]): Partial<StepInput> {
    if (chance(0.5)) return {};
    const target = pick(later, undefined);
    if (target !== undefined && chance(0.3)) return { onFailure: target.id };
    return { onFailure: 'continue', ...(chance(0.5) ? { critical: false } : {}) };
  }

  function one(depth: number): StepInput {
    const known = [...ids];
    const id = `s${ids.length}`;
    ids.push(id);
    if (depth < MAX_DEPTH && chance(0.25)) {
      const nested = { then: list(depth + 1), ...(chance(0.5) ? { else: list(depth + 1) } : {}) };
      return { id, type: 'condition', if: about(known), ...nested };
    }
    const type = pick(RANDOM_STEP_TYPES, 'read');
    const due = chance(0.2) ? { if: about(known) } : {};
    return { id, type, ...due, ...fieldsOf(type, pick(known, undefined)) };
  }

  /** An expression about an earlier step. */
  function about(known: readonly string[]): string {
    const step = pick(known, undefined);
    if (step === undefined || chance(0.3)) return String(chance(0.8));
    return `steps.${step}.status == '${pick(['succeeded', 'failed', 'skipped', 'pending'], 'failed')}'`;
  }

  const steps = list(0);
  const alerting = chance(0.3)
    ? { criteria: [{ id: 'always', value: '1', ok: 'false', alert: 'true' }], alerts: { channels: ['any'] } }
    : {};
  return Playbook.parse({ id: 'ops_random', name: 'Random', deadline, ...alerting, steps });
}

function fieldsOf(type: (typeof RANDOM_STEP_TYPES)[number], known: string | undefined): Partial<StepInput> {
  switch (type) {
    case 'echo':
      return known === undefined
        ? {}
        : { with: { status: `\${{ steps.${known}.status }}`, known: `\${{ steps.${known}.output }}` } };
    case 'flaky':
      return { retry: RETRY };
    case 'busy':
      return { retry: { ...RETRY, maxAttempts: 2 } };
    case 'hangs':
      return { retry: RETRY, timeout: '3s' };
    default:
      return {};
  }
}
