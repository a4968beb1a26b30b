import { z } from 'zod';
import type { StepTypeShape } from '#language/playbook/playbook-schema.ts';
import { Step } from '#language/playbook/playbook.ts';

const Steps = z.array(Step).default([]);

/** Step types of every form, for tests of the checks of definitions; they cannot run. */
export const smallStepTypes: readonly StepTypeShape[] = [
  {
    kind: 'action',
    type: 'tool_call',
    fields: { tool: z.string(), with: z.record(z.string(), z.json()).default({}) },
    names: { tool: 'tool', toolInput: 'with' },
  },
  {
    kind: 'action',
    type: 'delegate',
    fields: { agent: z.string(), task: z.string().min(1) },
    names: { agent: 'agent' },
  },
  {
    kind: 'action',
    type: 'notify',
    fields: {
      channels: z.array(z.string()).min(1),
      to: z.array(z.string()).optional(),
      priority: z.enum(['low', 'normal', 'high']).default('normal'),
      subject: z.string().max(100),
      body: z.string(),
      copies: z.number().int().optional(),
    },
    names: { channels: 'channels', recipients: 'to' },
  },
  {
    kind: 'action',
    type: 'create_thread',
    fields: { assignee: z.string(), title: z.string() },
    names: { role: 'assignee' },
  },
  {
    kind: 'control',
    type: 'condition',
    runs: 'one',
    fields: (steps) => ({ if: z.string().min(1), then: steps, else: steps.optional() }),
    blocks: (step) => [
      { name: 'then', steps: Steps.parse(step['then']) },
      { name: 'else', steps: Steps.parse(step['else']) },
    ],
    expressions: (step) => (step.if === undefined ? [] : [{ field: 'if', expression: step.if }]),
  },
];
