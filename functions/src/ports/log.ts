/** How bad it is, in the words of Cloud Logging. */
export type LogSeverity = 'INFO' | 'WARNING' | 'ERROR';

/** What is to be logged. */
export interface LogEntry {
  readonly severity: LogSeverity;
  /** One sentence. Errors without a stack are counted together by it. */
  readonly message: string;
  /** May hold anything; `cause` is what was thrown, of which the stack is kept. `executionId` and `playbookId` become labels. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Writes one entry; see `LogEntry`. Throws nothing. */
export type Log = (severity: LogEntry['severity'], message: LogEntry['message'], fields: LogEntry['fields']) => void;
