import type { UnreadableRecord } from '#records/store/read-each.ts';
import { plural } from '../elements/figures.tsx';
import { Text } from '../elements/text.tsx';

/** Names the records of a list that cannot be read, so that none is silently missing. */
export const Unreadable = ({ records }: { records: readonly UnreadableRecord[] }) =>
  records.length === 0 ? null : (
    <details class="problem">
      <summary>
        {plural(records.length, 'record')} cannot be read and {records.length === 1 ? 'is' : 'are'} not shown
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
