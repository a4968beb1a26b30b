import { z } from 'zod';
import { Duration, Identifier } from '../playbook/field-schemas.ts';

/** An agent as written in `playbooks/agents/{id}.yaml`. */
export const Agent = z.strictObject({
  id: Identifier,
  name: z.string().min(1).max(100),
  role: z.string().min(1).max(200),
  instructions: z.string().min(1).max(20_000),
  /** A model of `models.yaml`. */
  model: z.string().min(1),
  /** The tools it may use, by name; the engine offers it no others. */
  tools: z.array(z.string()).default([]),
  /** The budget of one delegation. */
  budget: z
    .strictObject({
      turns: z.number().int().min(1).max(50).default(8),
      /** Thinking included. */
      outputTokens: z.number().int().min(100).max(200_000).default(32_000),
      costUsd: z.number().positive().max(100).default(0.5),
      time: Duration.default('3m'),
    })
    .prefault({}),
});
export type Agent = z.infer<typeof Agent>;
