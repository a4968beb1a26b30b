import type { Agent } from '#language/settings/agent.ts';
import type { Integrations } from '#language/settings/integrations.ts';
import type { Models } from '#language/settings/models.ts';
import type { People } from '#language/settings/people.ts';
import type { Platform } from '#language/settings/platform.ts';

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
