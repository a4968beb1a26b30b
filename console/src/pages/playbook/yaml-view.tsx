import { visible } from '#console/view/elements/text.tsx';

const MAX_LINES = 3_000;
const MAX_CHARS = 150_000;

/** YAML as written, with line numbers; comments and keys stand out. A long one is cut. */
export const YamlView = ({ source, label }: { source: string; label: string }) => {
  const lines = visible(source.slice(0, MAX_CHARS)).replace(/\n$/, '').split('\n');
  const isCut = source.length > MAX_CHARS || lines.length > MAX_LINES;
  return (
    <>
      <pre class="yaml" tabindex={0} role="region" aria-label={label}>
        {paintedLines(lines.slice(0, MAX_LINES)).map(({ kind, indent, key, rest }, index) => (
          <span class="line" id={`L${index + 1}`}>
            {indent}
            {key === '' ? null : <span class="key">{key}</span>}
            {kind === 'comment' ? <span class="muted">{rest}</span> : rest}
            {'\n'}
          </span>
        ))}
      </pre>
      {isCut ? <p class="muted">Cut here. Download the file to see all of it.</p> : null}
    </>
  );
};

interface PaintedLine {
  readonly kind: 'comment' | 'code';
  readonly indent: string;
  readonly key: string;
  readonly rest: string;
}

const KEY = /^(\s*(?:- )*)([\w.$-]+:)(?=\s|$)(.*)$/s;
/** The end of a line after which indented text follows. */
const BEGINS_TEXT = /:\s+[|>][-+0-9]*\s*(#.*)?$/;

/** Which part of each line is what. What is indented below `|` or `>` is text, whatever it looks like. */
function paintedLines(lines: readonly string[]): readonly PaintedLine[] {
  let textBelow: number | undefined;
  return lines.map((line): PaintedLine => {
    const depth = line.length - line.trimStart().length;
    if (textBelow !== undefined && (line.trim() === '' || depth > textBelow)) {
      return { kind: 'code', indent: '', key: '', rest: line };
    }
    textBelow = BEGINS_TEXT.test(line) ? depth : undefined;
    if (line.trimStart().startsWith('#')) return { kind: 'comment', indent: '', key: '', rest: line };
    const [, indent = '', key = '', rest = line] = KEY.exec(line) ?? [];
    return { kind: 'code', indent, key, rest };
  });
}
