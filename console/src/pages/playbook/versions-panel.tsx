import type { VersionSource } from '#records/playbooks/playbooks.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Panel } from '#console/view/elements/parts.tsx';
import { Badge } from '#console/view/elements/status.tsx';
import { inZone, Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { wallTimeOf } from '#console/view/elements/wall-time.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { shortOf, versionHref, type DefinitionView } from './definition-view.ts';

/** The versions of a playbook, the newest first, and a form that compares two. */
export const VersionsPanel = ({ view }: { view: DefinitionView }) => {
  const { versions = [], hasOlder } = view;
  return (
    <Panel title="Versions" id="versions">
      {view.versions === undefined ? (
        <p class="problem">The history cannot be read: the record of a version is damaged.</p>
      ) : null}
      <ol class="cards">
        {versions.map((version, index) => (
          <Card view={view} version={version} before={versions[index + 1]} next={versions[index - 1]} />
        ))}
      </ol>
      {hasOlder ? <p class="small muted">Older versions are not listed.</p> : null}
      {versions.length < 2 ? null : <Compare view={view} versions={versions} />}
    </Panel>
  );
};

interface CardProps {
  readonly view: DefinitionView;
  readonly version: VersionSource;
  readonly before: VersionSource | undefined;
  readonly next: VersionSource | undefined;
}

const Card = ({ view: { record, shown, time }, version, before, next }: CardProps) => {
  const isShown = version.version === shown?.version;
  return (
    <li class="card" id={`version-${version.version}`}>
      <p class="row">
        <a href={versionHref(record.id, version.version)} aria-current={isShown ? 'true' : undefined}>
          <code>{shortOf(version.version)}</code>
        </a>
        {version.version === record.version ? (
          <Badge tone="ok" sign="✓">
            current
          </Badge>
        ) : null}
        {isShown ? <Badge tone="running">shown</Badge> : null}
      </p>
      <p class="small muted">
        updated <Time at={version.seededAt} {...time} />
      </p>
      <p class="row small">
        {before === undefined ? null : <a href={versionHref(record.id, version.version, before.version)}>Changes</a>}
        <a href={executionsHref(record.id, version, next, time)}>Executions while current</a>
      </p>
    </li>
  );
};

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
