import { startOf } from '#core/cut.ts';
import { visible } from '#console/view/elements/text.tsx';

/** Text as somebody wrote it, with its lines; hidden characters are made visible, and a long one is cut. */
export const Said = ({ text, max = 4_000 }: { text: string; max?: number }) => (
  <div class="said" dir="auto">
    {visible(startOf(text, max))}
    {text.length > max ? (
      <span class="muted">… ({(text.length - max).toLocaleString('en')} more characters)</span>
    ) : null}
  </div>
);
