/** The severity, as in Cloud Logging. */
export type LogSeverity = 'INFO' | 'WARNING' | 'ERROR';

/** A log entry. */
export interface LogEntry {
  readonly severity: LogSeverity;
  /** One sentence. Errors without a stack are grouped by it. */
  readonly message: string;
  /**
   * May contain anything; `cause` is the thrown value, whose stack is kept. `executionId` and `playbookId` become
   * labels.
   */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Writes one entry; see `LogEntry`. Throws nothing. */
export type Log = (severity: LogEntry['severity'], message: LogEntry['message'], fields: LogEntry['fields']) => void;
