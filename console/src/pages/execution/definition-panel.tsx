import { cut } from '#core/cut.ts';
import { Panel } from '#console/view/elements/parts.tsx';
import { shownText, visible } from '#console/view/elements/text.tsx';

const MAX_SOURCE_CHARS = 100_000;

/** The definition that an execution ran, as YAML. */
export const DefinitionPanel = ({ version, source }: { version: string; source: string | undefined }) => (
  <Panel title={`Definition ${shownText(version.slice(0, 7), 7)}`} id="definition">
    {source === undefined ? (
      <p class="muted">This version is no longer kept, or cannot be read.</p>
    ) : (
      <details id="definition-source">
        <summary>Show the YAML</summary>
        <pre tabindex={0} role="region" aria-label="The definition as YAML">
          {visible(cut(source, MAX_SOURCE_CHARS))}
        </pre>
      </details>
    )}
  </Panel>
);
