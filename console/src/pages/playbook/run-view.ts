import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import type { Control } from '#records/settings/control.ts';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { OutsideEffect } from './outside-effects.ts';
import type { RunDraft, RunProblems } from './run-draft.ts';

/** Everything that the form to run a playbook shows. */
export interface RunView {
  readonly record: PlaybookRecord;
  readonly control: Control;
  readonly draft: RunDraft;
  readonly problems: RunProblems;
  /** The reader's address, where mail may go to it. */
  readonly ownAddress: string | undefined;
  /** The addresses and domains to which mail is allowed; an empty list allows all. */
  readonly allowedRecipients: readonly string[];
  readonly effects: readonly OutsideEffect[];
  readonly csrfToken: string;
  readonly time: ReaderTime;
}
