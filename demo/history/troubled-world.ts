import type { Environment } from '#functions/config.ts';
import type { Integration } from '#language/settings/integrations.ts';
import type { Definitions } from '#language/source/load-directory.ts';
import type { ChangeWorld } from '#records/audit/actor.ts';
import { pausePlaybook, resumePlaybook } from '#records/playbooks/playbook-switches.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import type { Trouble } from './history-script.ts';
import { usualLatencyMs, type Behaviour } from '../servers/integrations-server.ts';
import { openRandom } from '../company/random.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What changes of the past need. */
export interface PastWorld extends ChangeWorld {
  readonly clock: SimulatedClock;
  readonly definitions: Definitions;
}

/** The world around the playbooks, in which certain things are wrong at certain times. */
export interface TroubledWorld {
  /** From now on, exactly these troubles apply: begins new ones, and ends all others. */
  become(troubles: readonly Trouble[], world: PastWorld): Promise<void>;
  /** How the integrations behave during these troubles. */
  behaviourOf(integration: Integration): Behaviour;
  /** An environment in which credentials are missing during these troubles. */
  environment(given: Environment): Environment;
}

/** A world in which nothing is wrong yet. Latencies vary from request to request. */
export function troubledWorld(): TroubledWorld {
  const random = openRandom(7);
  const env: Record<string, string | undefined> = {};
  let present: readonly Trouble[] = [];

  return {
    async become(troubles, world) {
      const ended = present.filter((trouble) => !troubles.includes(trouble));
      const begun = troubles.filter((trouble) => !present.includes(trouble));
      present = troubles;
      for (const name of credentialsIn(ended)) delete env[name];
      for (const name of credentialsIn(begun)) env[name] = '';
      for (const trouble of ended) await world.clock.at(trouble.until, () => end(trouble, world));
      for (const trouble of begun) await world.clock.at(trouble.from, () => begin(trouble, world));
    },
    behaviourOf({ id }) {
      const own = present.find((trouble) => 'integration' in trouble && trouble.integration === id);
      return behaviourIn(own, id, random.next());
    },
    environment: (given) => Object.assign(env, given),
  };
}

/** `share` (0 to 1) is the position of this request in the latency range. */
function behaviourIn(trouble: Trouble | undefined, integrationId: string, share: number): Behaviour {
  const error = 'The service is temporarily unavailable.';
  if (trouble?.kind === 'integration_slow') {
    return { state: 'slow', latencyMs: Math.round(trouble.latencyMs * (0.9 + 0.2 * share)), error };
  }
  const usualMs = usualLatencyMs(integrationId);
  const latencyMs = Math.round(usualMs * (0.75 + 0.4 * share + (share > 0.97 ? 1.5 : 0)));
  return { state: trouble === undefined ? 'on' : 'off', latencyMs, error };
}

/** The made-up credentials that are missing, as empty texts. */
function credentialsIn(troubles: readonly Trouble[]): readonly string[] {
  return troubles.flatMap((trouble) => (trouble.kind === 'secret_missing' ? [`DEMO_${trouble.secret}`] : []));
}

async function begin(trouble: Trouble, world: PastWorld): Promise<void> {
  const { documents, definitions, clock } = world;
  if (trouble.kind === 'paused') {
    const { playbookId, by, reason, until } = trouble;
    // A pause by a real operator stays.
    if ((await loadPlaybook(documents, playbookId))?.pause !== null) return;
    await pausePlaybook(world, { email: by, role: 'approver' }, { playbookId, reason, until });
  }
  if (trouble.kind === 'orders_unmapped' && definitions.platform !== undefined) {
    const { orders: _orders, ...platform } = definitions.platform;
    await seedSettings(documents, { agents: [], platform }, clock.now());
  }
}

async function end(trouble: Trouble, world: PastWorld): Promise<void> {
  const { documents, definitions, clock } = world;
  if (trouble.kind === 'paused') {
    const { playbookId, by, reason } = trouble;
    if ((await loadPlaybook(documents, playbookId))?.pause?.reason !== reason) return;
    await resumePlaybook(world, { email: by, role: 'approver' }, { playbookId });
  }
  if (trouble.kind === 'orders_unmapped') await seedSettings(documents, { ...definitions, agents: [] }, clock.now());
}
