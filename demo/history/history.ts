import type { Environment } from '#functions/config.ts';
import type { Definitions } from '#language/source/load-directory.ts';

/** What a history is made of. */
export interface HistoryOptions {
  readonly definitions: Definitions;
  /** Names the database as the product's own environment does; nothing else of it is used. */
  readonly database: Environment;
  readonly days: number;
  /** When the past ends: the slots that a start would run now are left to it. */
  readonly now: Date;
  /** Once it aborts, nothing new is delivered; what is under way ends, and the world is put in order. */
  readonly stop: AbortSignal;
  onProgress(progress: HistoryProgress): void;
}

/** How far a history is. */
export interface HistoryProgress {
  readonly delivered: number;
  readonly total: number;
  /** The simulated day. */
  readonly day: Date;
}

/** What a history came to. */
export interface HistorySummary {
  readonly days: number;
  readonly delivered: number;
  /** Slots that had a record before. */
  readonly present: number;
  readonly byPlaybook: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly stopped: boolean;
}
