import type { UnreadableRecord } from '#records/store/read-each.ts';
import { plural } from '../elements/figures.tsx';
import { Text } from '../elements/text.tsx';

/** Says which records of a list this code cannot read, so that none is missing without a word. */
export const Unreadable = ({ records }: { records: readonly UnreadableRecord[] }) =>
  records.length === 0 ? null : (
    <details class="problem">
      <summary>
        {plural(records.length, 'record')} of this page cannot be read, and what follows leaves them out
      </summary>
      <ul>
        {records.map(({ id, problem }) => (
          <li>
            <code>
              <Text value={id} max={120} />
            </code>
            : <Text value={problem} max={300} />
          </li>
        ))}
      </ul>
    </details>
  );
