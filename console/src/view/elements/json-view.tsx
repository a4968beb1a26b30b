import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { visible } from './text.tsx';

const MAX_CHARS = 12_000;

/**
 * JSON to read: indented, hidden characters written as `\u202e`, cut after 12,000 characters with a link to the whole where
 * there is one.
 */
export const JsonView = ({
  value,
  label,
  wholeHref,
}: {
  value: Json | undefined;
  label: string;
  wholeHref?: string;
}) => {
  if (value === undefined) return null;
  const text = visible(JSON.stringify(value, undefined, 2));
  const isCut = text.length > MAX_CHARS;
  return (
    <div class="json">
      <pre tabindex={0} aria-label={label} role="region">
        {cut(text, MAX_CHARS)}
      </pre>
      {isCut ? (
        <p class="muted">
          The first {MAX_CHARS.toLocaleString('en')} of {text.length.toLocaleString('en')} characters.{' '}
          {wholeHref === undefined ? null : <a href={wholeHref}>Download all of it</a>}
        </p>
      ) : null}
    </div>
  );
};
