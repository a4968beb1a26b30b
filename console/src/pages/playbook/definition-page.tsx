import type { PlaybookRecord, VersionSource } from '#records/playbooks/playbooks.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { Badge } from '#console/view/elements/status.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { inZone, Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { wallTimeOf } from '#console/view/elements/wall-time.ts';
import { PlaybookHead } from './playbook-head.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { YamlView } from './yaml-view.tsx';

/** Everything that the definition of a playbook shows. */
export interface DefinitionView {
  readonly record: PlaybookRecord;
  /** The newest first; undefined: they cannot be read. */
  readonly versions: readonly VersionSource[] | undefined;
  /** There are older ones than those. */
  readonly hasOlder: boolean;
  /** The version that is shown. */
  readonly shown: VersionSource | undefined;
  /** The one that it is compared with. */
  readonly against: VersionSource | undefined;
  readonly time: ReaderTime;
}

/** The definition of a playbook as YAML, its history, and the difference of any two versions. */
export const DefinitionPage = ({ view }: { view: DefinitionView }) => (
  <>
    <PlaybookHead record={view.record} time={view.time} tab="definition" />
    <div class="grid wide-first">
      <Shown view={view} />
      <History view={view} />
    </div>
  </>
);

const Shown = ({ view: { record, shown, against } }: { view: DefinitionView }) => {
  if (shown === undefined) {
    return (
      <Panel title="Definition" id="definition">
        <p class="problem">
          The source of the version that runs is not kept, or cannot be read. <code>npm run seed</code> puts it there
          again.
        </p>
      </Panel>
    );
  }
  const name = shortOf(shown.version);
  if (against !== undefined) {
    return (
      <Panel
        title={`What changed from ${shortOf(against.version)} to ${name}`}
        id="definition"
        aside={<a href={versionHref(record.id, shown.version)}>The whole of {name}</a>}
      >
        {against.source === shown.source ? (
          <Empty>Nothing: the two are the same.</Empty>
        ) : (
          <TextDiff before={against.source} after={shown.source} label={`Changes to ${name}`} />
        )}
      </Panel>
    );
  }
  return (
    <Panel
      title={`Version ${name}${shown.version === record.version ? ', which runs now' : ''}`}
      id="definition"
      aside={
        <a href={hrefOf(playbookHref(record.id, '/definition.yaml'), { version: shown.version })} download="">
          Download
        </a>
      }
    >
      <YamlView source={shown.source} label={`The YAML of version ${name}`} />
    </Panel>
  );
};

const History = ({ view }: { view: DefinitionView }) => {
  const { record, versions = [], hasOlder, shown, time } = view;
  return (
    <Panel title="Versions" id="versions">
      {view.versions === undefined ? (
        <p class="problem">The history cannot be read: the record of a version is damaged.</p>
      ) : null}
      <ol class="cards">
        {versions.map((version, index) => (
          <li class="card" id={`version-${version.version}`}>
            <p class="row">
              <a
                href={versionHref(record.id, version.version)}
                aria-current={version.version === shown?.version ? 'true' : undefined}
              >
                <code>{shortOf(version.version)}</code>
              </a>
              {version.version === record.version ? (
                <Badge tone="ok" sign="✓">
                  runs now
                </Badge>
              ) : null}
              {version.version === shown?.version ? <Badge tone="running">shown</Badge> : null}
            </p>
            <p class="small muted">
              seeded <Time at={version.seededAt} {...time} />
            </p>
            <p class="row small">
              <Changed id={record.id} version={version} before={versions[index + 1]} />
              <a href={executionsHref(record.id, version, versions[index - 1], time)}>executions of its days</a>
            </p>
          </li>
        ))}
      </ol>
      {hasOlder ? <p class="small muted">There are older versions, which are not listed.</p> : null}
      {versions.length < 2 ? null : <Compare view={view} versions={versions} />}
    </Panel>
  );
};

const Changed = ({ id, version, before }: { id: string; version: VersionSource; before: VersionSource | undefined }) =>
  before === undefined ? null : <a href={versionHref(id, version.version, before.version)}>what changed</a>;

const Compare = ({ view, versions }: { view: DefinitionView; versions: readonly VersionSource[] }) => {
  const { record, shown, against, time } = view;
  const options = (selected: string | undefined) =>
    versions.map(({ version, seededAt }) => (
      <option value={version} selected={version === selected}>
        {`${shortOf(version)}, ${inZone(seededAt, time.timeZone, time.now)}`}
      </option>
    ));
  return (
    <form class="stack" method="get" action={playbookHref(record.id, '/definition')} aria-label="Compare two versions">
      <label>
        From
        <select name="against">{options((against ?? versions[1])?.version)}</select>
      </label>
      <label>
        To
        <select name="version">{options(shown?.version)}</select>
      </label>
      <p>
        <button>Compare</button>
      </p>
    </form>
  );
};

/** Hashes are told apart by their beginnings. */
function shortOf(version: string): string {
  return shownText(version, 10);
}

function versionHref(id: string, version: string, against?: string): string {
  return hrefOf(playbookHref(id, '/definition'), { version, against });
}

/** The list of executions of the days on which this version was the newest. */
function executionsHref(
  id: string,
  { seededAt }: VersionSource,
  next: VersionSource | undefined,
  { timeZone }: ReaderTime,
): string {
  const dayOf = (at: Date): string => wallTimeOf(at, timeZone).slice(0, 10);
  return hrefOf('/executions', {
    playbook: id,
    from: dayOf(seededAt),
    to: next === undefined ? undefined : dayOf(next.seededAt),
  });
}
