import type { Agent } from '../definitions/agent.ts';
import type { Integrations } from '../definitions/integrations.ts';
import type { Models } from '../definitions/models.ts';
import type { People } from '../definitions/people.ts';
import type { Platform } from '../definitions/platform.ts';

/**
 * What was seeded beside the playbooks. Each throws `unconfigured`, with what to seed, where it is missing, and
 * `unavailable` where the database is out of reach.
 */
export interface Settings {
  people(): Promise<People>;
  platform(): Promise<Platform>;
  integrations(): Promise<Integrations>;
  models(): Promise<Models>;
  /** Throws `unknown_agent` where there is none of this name. */
  agent(id: string): Promise<Agent>;
}
