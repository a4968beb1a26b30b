import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Integrations, type Integration } from '#language/settings/integrations.ts';
import { Platform } from '#language/settings/platform.ts';
import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { HttpClient } from '#ports/http.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { ToolContext } from '#tools/tool.ts';
import { fakeClock } from './fake-clock.ts';
import { stepPorts } from './step-ports.ts';

const PLAYBOOKS = join(import.meta.dirname, '..', '..', '..', '..', 'playbooks');

/** The project's own `platform.yaml`. */
export const projectPlatform: Platform = Platform.parse(parse(readFileSync(join(PLAYBOOKS, 'platform.yaml'), 'utf8')));

/** The project's own `integrations.yaml`. */
export const projectIntegrations: Integrations = Integrations.parse(
  parse(readFileSync(join(PLAYBOOKS, 'integrations.yaml'), 'utf8')),
);

/** The implementations of ports that a tool's test provides; all others throw. */
export interface ToolWorld {
  readonly documents?: Documents;
  readonly http?: HttpClient;
  readonly secrets?: Secrets;
  readonly clock?: Clock;
  readonly platform?: Platform;
  readonly integrations?: readonly Integration[];
  readonly executionId?: string;
  readonly signal?: AbortSignal;
}

/** The context of one tool call. */
export function toolContext(world: ToolWorld = {}): ToolContext {
  const { documents, executionId = 'ops_churn_prevention_20261120T1500Z', clock = fakeClock() } = world;
  const ports = stepPorts(documents === undefined ? {} : { documents });
  return {
    caller: 'step',
    executionId,
    idempotencyKey: `${executionId}/step`,
    signal: world.signal ?? new AbortController().signal,
    clock,
    ports: {
      ...ports,
      clock,
      http: world.http ?? ports.http,
      secrets: world.secrets ?? ports.secrets,
      settings: {
        ...ports.settings,
        platform: async () => world.platform ?? projectPlatform,
        integrations: async () => ({ integrations: [...(world.integrations ?? [])] }),
      },
    },
  };
}
