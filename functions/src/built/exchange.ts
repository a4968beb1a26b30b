import type { FinishedExecution } from '#engine/record/execution.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import type { RunnerProcess } from '#testing/runner/runner-process.ts';
import type { ProcessEnv } from './built-product.ts';
import type { WireServers } from './servers.ts';

/** The running built product, and the servers that it talks to. */
export interface WireWorld {
  readonly servers: WireServers;
  /** Additional environment variables of every process. */
  readonly surroundings: ProcessEnv;
  readonly database: RunnerDatabase;
  /** The function, with its secrets in the environment. */
  readonly runner: RunnerProcess;
  /** The function, with its secrets in Secret Manager. */
  readonly guardedRunner: RunnerProcess;
  readonly consoleUrl: string;
}

/** One action of an adapter, observed on the wire. */
export interface Exchange {
  /** The end of the sentence that starts with the adapter's name. */
  readonly title: string;
  readonly run: (world: WireWorld) => Promise<void>;
}

/** Exchanges by the name of the adapter's folder or file. */
export type Exchanges = Readonly<Record<string, readonly Exchange[]>>;

/** A step that mails one person. */
export const MAIL = { id: 'mail', type: 'notify', channels: ['email'], to: ['operator'], subject: 'Hi', body: 'There' };
/** A step that posts to Slack. */
export const POST = { id: 'post', type: 'notify', channels: ['slack'], subject: 'Hi', body: 'There' };
/** A step that writes a report. */
export const REPORT = { id: 'report', type: 'synthesize', instructions: 'How many?', with: { signups: 12 } };
/** Claude's answer to `REPORT`. */
export const WRITTEN = {
  kind: 'text',
  text: JSON.stringify({ title: 'Signups', markdown: 'There were {{signups}} signups.', actionItems: [] }),
} as const;

/** A step that calls `url`, with the test's additional input. */
export function callOf(url: string, also: object = {}): object {
  return { id: 'call', type: 'tool_call', tool: 'httpRequest', with: { url, ...also }, retry: { maxAttempts: 1 } };
}

/** Additional input of a call that sends a secret. */
export const withToken = { headers: { 'x-partner': 'secret://PARTNER_TOKEN' } };

/** Code and message of the failure that ended an execution; its status if it did not fail. */
export function failureOf(record: FinishedExecution): readonly unknown[] {
  return record.status === 'failed' ? [record.failure.code, record.failure.message] : [record.status];
}
