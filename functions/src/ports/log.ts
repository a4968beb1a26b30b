/** How bad it is, in the words of Cloud Logging. */
export type LogSeverity = 'INFO' | 'WARNING' | 'ERROR';

/** Writes one entry. `fields` may hold anything; `cause` is an error, of which the stack is kept. Throws nothing. */
export type Log = (severity: LogSeverity, message: string, fields: Readonly<Record<string, unknown>>) => void;
