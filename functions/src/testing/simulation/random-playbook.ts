import { Playbook } from '#language/playbook/playbook.ts';
import type { z } from 'zod';

type StepInput = z.input<typeof Playbook>['steps'][number];

/** The step types of a random playbook, in addition to those that decide. The caller decides what each does. */
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
  'wait',
  'ask',
] as const;

const MAX_DEPTH = 2;
const RETRY = { maxAttempts: 5, initialDelay: '100ms', factor: 2, maxDelay: '300ms' };

/** A small valid playbook whose outcome does not depend on when or how often its steps run. */
export function randomPlaybook(random: () => number, deadline: string): Playbook {
  let count = 0;
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(items: readonly T[], otherwise: T): T => items[Math.floor(random() * items.length)] ?? otherwise;

  /** The steps of a list; `known` are those that surely began before it, and grows with those that do. */
  function list(depth: number, known: string[]): StepInput[] {
    const steps = Array.from({ length: 1 + Math.floor(random() * (depth === 0 ? 4 : 3)) }, () => one(depth, known));
    return steps.map((step, index) => ({ ...step, ...onFailure(steps.slice(index + 1)) }));
  }

  function onFailure(later: readonly StepInput[]): Partial<StepInput> {
    if (chance(0.5)) return {};
    const target = pick(later, undefined);
    if (target !== undefined && chance(0.3)) return { onFailure: target.id };
    return { onFailure: 'continue', ...(chance(0.5) ? { critical: false } : {}) };
  }

  function one(depth: number, known: string[]): StepInput {
    const id = `s${(count += 1)}`;
    const step = depth < MAX_DEPTH && chance(0.4) ? control(id, depth, known) : action(id, known);
    known.push(id);
    return step;
  }

  function action(id: string, known: readonly string[]): StepInput {
    const type = pick(RANDOM_STEP_TYPES, 'read');
    const due = chance(0.2) ? { if: about(known) } : {};
    return { id, type, ...due, ...fieldsOf(type, pick(known, undefined)) };
  }

  function control(id: string, depth: number, known: string[]): StepInput {
    const kind = random();
    if (kind < 0.4) {
      const nested = { then: list(depth + 1, known), ...(chance(0.5) ? { else: list(depth + 1, known) } : {}) };
      return { id, type: 'condition', if: about(known), ...nested };
    }
    const limit = String(1 + Math.floor(random() * 3));
    if (kind < 0.7) {
      // What a branch leaves, the other ones cannot know; later steps can.
      const before = [...known];
      const branch = () => list(depth + 1, [...before]);
      return { id, type: 'parallel', limit, a: branch(), b: branch(), ...(chance(0.3) ? { c: branch() } : {}) };
    }
    const items = JSON.stringify(Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => index));
    return { id, type: 'for_each', limit, items, do: list(depth + 1, [...known]) };
  }

  /** An expression about an earlier step. */
  function about(known: readonly string[]): string {
    const step = pick(known, undefined);
    if (step === undefined || chance(0.3)) return String(chance(0.8));
    return `steps.${step}.status == '${pick(['succeeded', 'failed', 'skipped', 'pending'], 'failed')}'`;
  }

  const steps = list(0, []);
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
