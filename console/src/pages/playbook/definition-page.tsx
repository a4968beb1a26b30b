import type { VersionSource } from '#records/playbooks/playbooks.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { shortOf, versionHref, type DefinitionView } from './definition-view.ts';
import { PlaybookHead } from './playbook-head.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import { YamlView } from './yaml-view.tsx';

/** The definition of a playbook as YAML, its versions, and the difference of any two. */
export const DefinitionPage = ({ view }: { view: DefinitionView }) => (
  <>
    <PlaybookHead record={view.record} time={view.time} tab="definition" />
    <div class="grid wide-first">
      <Shown view={view} />
      <VersionsPanel view={view} />
    </div>
  </>
);

const Shown = ({ view }: { view: DefinitionView }) => {
  const { record, shown, against } = view;
  if (shown === undefined) return <Missing />;
  if (against !== undefined) return <Difference id={record.id} shown={shown} against={against} />;
  const name = shortOf(shown.version);
  return (
    <Panel
      title={`Version ${name}${shown.version === record.version ? ' (current)' : ''}`}
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

const Missing = () => (
  <Panel title="Definition" id="definition">
    <p class="problem">
      The source of the current version is missing or cannot be read. Run <code>npm run seed</code> to restore it.
    </p>
  </Panel>
);

interface DifferenceProps {
  readonly id: string;
  readonly shown: VersionSource;
  readonly against: VersionSource;
}

const Difference = ({ id, shown, against }: DifferenceProps) => {
  const name = shortOf(shown.version);
  return (
    <Panel
      title={`Changes from ${shortOf(against.version)} to ${name}`}
      id="definition"
      aside={<a href={versionHref(id, shown.version)}>All of {name}</a>}
    >
      {against.source === shown.source ? (
        <Empty>No changes: both versions are the same.</Empty>
      ) : (
        <TextDiff before={against.source} after={shown.source} label={`Changes to ${name}`} />
      )}
    </Panel>
  );
};
