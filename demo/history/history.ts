import type { Environment } from '#functions/config.ts';
import type { Definitions } from '#language/source/load-directory.ts';

/** What a history is made from. */
export interface HistoryOptions {
  readonly definitions: Definitions;
  /** Names the database like the product's own environment; nothing else in it is used. */
  readonly database: Environment;
  readonly days: number;
  /** The end of the past: slots that a start would run now are left to it. */
  readonly now: Date;
  /** After it aborts, nothing new is delivered; what is under way ends, and the troubles are cleared. */
  readonly stop: AbortSignal;
  onProgress(progress: HistoryProgress): void;
}

/** The progress of a history. */
export interface HistoryProgress {
  readonly delivered: number;
  readonly total: number;
  /** The simulated day. */
  readonly day: Date;
}

/** The result of a history. */
export interface HistorySummary {
  readonly days: number;
  readonly delivered: number;
  /** Slots that already had a record. */
  readonly present: number;
  readonly byPlaybook: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly stopped: boolean;
}
