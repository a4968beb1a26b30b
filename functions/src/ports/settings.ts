import type { Agent } from '#language/settings/agent.ts';
import type { Integrations } from '#language/settings/integrations.ts';
import type { Models } from '#language/settings/models.ts';
import type { People } from '#language/settings/people.ts';
import type { Platform } from '#language/settings/platform.ts';

/**
 * The settings seeded with the playbooks. Each method throws `unconfigured`, with what to seed, if they are missing,
 * and `unavailable` if the database is unreachable.
 */
export interface Settings {
  people(): Promise<People>;
  platform(): Promise<Platform>;
  integrations(): Promise<Integrations>;
  models(): Promise<Models>;
  /** Throws `unknown_agent` if no agent has this name. */
  agent(id: string): Promise<Agent>;
}
