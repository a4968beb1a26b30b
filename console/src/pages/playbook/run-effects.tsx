import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import type { OutsideEffect } from './outside-effects.ts';

/** What an execution may do to the outside world. */
export const RunEffects = ({ effects }: { effects: readonly OutsideEffect[] }) => (
  <Panel title="Effects" id="effects">
    {effects.length === 0 ? (
      <Empty>None: it only reads.</Empty>
    ) : (
      <ul class="effects">
        {effects.map(({ words, when }) => (
          <li>
            <Text value={words} max={300} />
            <div class="small muted">
              <Text value={when} max={160} />
            </div>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
