import { PlaybookError } from '#core/failure.ts';

/** What a record says; undefined where it is damaged, so that the page shows the rest. Throws everything else. */
export async function ifReadable<Value>(loading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await loading;
  } catch (thrown) {
    if (
      thrown instanceof PlaybookError &&
      ['internal', 'invalid_playbook', 'record_from_newer_version'].includes(thrown.code)
    )
      return undefined;
    throw thrown;
  }
}
