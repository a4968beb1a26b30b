import type { PlaybookRecord, VersionSource } from '#records/playbooks/playbooks.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { shownText } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';

/** Everything that the definition of a playbook shows. */
export interface DefinitionView {
  readonly record: PlaybookRecord;
  /** The newest first; undefined: they cannot be read. */
  readonly versions: readonly VersionSource[] | undefined;
  /** There are older ones. */
  readonly hasOlder: boolean;
  /** The version that is shown. */
  readonly shown: VersionSource | undefined;
  /** The one that it is compared with. */
  readonly against: VersionSource | undefined;
  readonly time: ReaderTime;
}

/** A version as people tell it apart: the beginning of its hash. */
export function shortOf(version: string): string {
  return shownText(version, 10);
}

/** The page of a version; with `against`, its difference from that one. */
export function versionHref(id: string, version: string, against?: string): string {
  return hrefOf(playbookHref(id, '/definition'), { version, against });
}
