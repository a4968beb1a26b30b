import type { Clock } from '#core/clock.ts';
import type { Json } from '#core/json.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Log } from '#ports/log.ts';
import type { Settings } from '#ports/settings.ts';
import type { Control } from '#records/settings/control.ts';
import type { Catalog } from '#functions/catalog.ts';

/** What a person asks the runner for: one execution of a playbook, now. */
export interface RunRequest {
  readonly playbookId: string;
  /** Of the caller's choosing, 8 to 64 characters: the same id twice is one execution. */
  readonly requestId: string;
  readonly by: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Everything that is told goes to this address alone. */
  readonly onlyTo: string | undefined;
}

/** Everything that the pages of the console need of the world. */
export interface ConsoleWorld {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: Log;
  readonly newId: () => string;
  /** Which step types, tools and channels there are, and how people read them. */
  readonly catalog: Catalog;
  /** What holds for all playbooks, at most some seconds old. */
  loadControl(): Promise<Control>;
  /** How many threads wait for a decision, at most some seconds old. */
  countAwaiting(): Promise<number>;
  /**
   * Asks the runner to run a playbook and does not wait for its end. Throws `unavailable` when the runner is out of reach,
   * `unconfigured` when the console does not know where it is, `input_invalid` with the runner's words when it refuses.
   */
  requestExecution(request: RunRequest): Promise<void>;
}
