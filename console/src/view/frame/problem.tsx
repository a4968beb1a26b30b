import { Text } from '../elements/text.tsx';
import type { Part } from './part.ts';

/** Says why a part of the page is missing; nothing where it is there. */
export const Problem = ({ part }: { part: Part<unknown> }) =>
  part.kind === 'found' ? null : (
    <p class="problem">
      <Text value={part.problem} max={400} />
    </p>
  );
