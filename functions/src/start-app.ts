import { logOrigin, structuredLog } from '#adapters/structured-log.ts';
import { createApp, type App } from './app.ts';
import { readConfig, type Environment } from './config.ts';
import { PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { OWN_SECRET_NAMES } from '#ports/secrets.ts';

const CANNOT_START = 'The playbook runner cannot start:';

/**
 * The product as configured by the environment. An invalid setting, or a database that cannot be opened, ends the
 * process with exit code 1 and one log entry that lists all problems: they are noticed on deployment, not when a
 * playbook is due.
 */
export async function startApp(takeEnvironment: () => Environment): Promise<App> {
  try {
    const env = takeEnvironment();
    return await createApp(readConfig(env), env);
  } catch (thrown) {
    const { env } = process;
    const secrets = OWN_SECRET_NAMES.map((name) => env[name]?.trim() ?? '').filter((value) => value !== '');
    const log = structuredLog(
      redactor(() => secrets),
      undefined,
      logOrigin(env),
    );
    const isSaid = thrown instanceof PlaybookError || thrown instanceof DocumentsError;
    log('ERROR', sentenceOf(thrown), isSaid ? { code: thrown.code } : { cause: thrown });
    // Otherwise the server would add the stack of this line.
    process.removeAllListeners('exit');
    process.exit(1);
  }
}

function sentenceOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.startsWith(CANNOT_START) ? message : `${CANNOT_START} ${message}`;
}
