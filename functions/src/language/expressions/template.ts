import { describeJson, type Expression } from './expression.ts';
import { scanExpression } from './scan.ts';
import { PlaybookError } from '#core/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { placeOf, sourceExcerpt } from '#core/source-excerpt.ts';

const OPENING = '${{';
const CLOSING = '}}';
const MAX_RESULT_CHARS = 1_000_000;

/** Literal text, or an expression to be replaced by its value. `offset` is where the expression begins in the text. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly offset: number };

/** Whether `${{` occurs in the text at all, escaped or not. */
export function hasTemplate(text: string): boolean {
  return text.includes(OPENING);
}

/**
 * Splits a text at its `${{ … }}`. A `}}` inside a string or a map of the expression does not end it; `$${{` stands for
 * a literal `${{`. Throws `expression_failed`, which shows the place, if one is not closed.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let offset = 0;
  for (;;) {
    const opening = text.indexOf(OPENING, offset);
    if (opening === -1) break;
    if (text.charAt(opening - 1) === '$' && opening > offset) {
      literal += text.slice(offset, opening - 1) + OPENING;
      offset = opening + OPENING.length;
      continue;
    }
    literal += text.slice(offset, opening);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    const start = opening + OPENING.length;
    const scan = scanExpression(text, start, CLOSING);
    if (!scan.ok) throw unreadable(text, scan.problem.startsWith("'}}'") ? opening : scan.offset, scan.problem);
    parts.push(expressionPart(text, start, scan.end));
    offset = scan.end + CLOSING.length;
  }
  literal += text.slice(offset);
  return literal === '' ? parts : [...parts, { kind: 'text', text: literal }];
}

function expressionPart(text: string, start: number, end: number): TemplatePart {
  const inside = text.slice(start, end);
  const source = inside.trim();
  if (source === '') throw unreadable(text, start, 'The expression between ${{ and }} is missing');
  return { kind: 'expression', source, offset: start + inside.indexOf(source) };
}

function unreadable(text: string, offset: number, problem: string): PlaybookError {
  return new PlaybookError(
    'expression_failed',
    `The \${{ }} cannot be read: ${problem}. Write $\${{ for the characters themselves.\n${sourceExcerpt(text, placeOf(text, offset))}`,
  );
}

/** The single expression that a text consists of, ignoring whitespace around it: such a value keeps its type. */
export function wholeExpression(parts: readonly TemplatePart[]): string | undefined {
  const written = parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  const [only] = written;
  return written.length === 1 && only?.kind === 'expression' ? only.source : undefined;
}

/**
 * Fills in every `${{ }}` of a JSON value, also deep inside lists and objects; keys are unchanged. A value that
 * consists of one `${{ }}` keeps its type; within text, texts, numbers and booleans can be inserted. Inserted values
 * are data: they are never read as templates or references to secrets. Throws `expression_failed`, which says where in
 * the value and what to write instead.
 */
export function resolveTemplates(value: Json, scope: JsonObject, compile: (source: string) => Expression): Json {
  let chars = 0;
  function resolve(part: Json, path: string): Json {
    if (typeof part === 'string') return hasTemplate(part) ? at(path, () => resolveText(part)) : part;
    if (Array.isArray(part)) return part.map((item, index) => resolve(item, `${path}[${index}]`));
    if (!isJsonObject(part)) return part;
    const resolved = Object.entries(part).map(([key, child]) => [
      key,
      resolve(child, path === '' ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(resolved);
  }
  function resolveText(text: string): Json {
    const parts = parseTemplate(text);
    const whole = wholeExpression(parts);
    if (whole !== undefined) return valueOf(whole, scope, compile);
    const texts = parts.map((part) => (part.kind === 'text' ? part.text : textOf(part.source, scope, compile)));
    const filled = texts.join('');
    chars += filled.length;
    if (chars > MAX_RESULT_CHARS) throw tooLong();
    return filled;
  }
  return resolve(value, '');
}

function tooLong(): PlaybookError {
  const message = 'The text would be longer than 1,000,000 characters; shorten the inserted values.';
  return new PlaybookError('expression_failed', message);
}

const SECRET_SCHEME = 'secret://';

/** Only references to secrets written by the playbook's author count; in data, they are plain text. */
function valueOf(source: string, scope: JsonObject, compile: (source: string) => Expression): Json {
  const value = compile(source).evaluate(scope);
  return source.includes(SECRET_SCHEME) ? value : asData(value);
}

function asData(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll(SECRET_SCHEME, 'secret: //');
  if (Array.isArray(value)) return value.map(asData);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asData(item)]));
}

function textOf(source: string, scope: JsonObject, compile: (source: string) => Expression): string {
  const value = valueOf(source, scope, compile);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const instead =
    value === null
      ? `Write what to insert instead: \${{ has(${source}) ? ${source} : 'none' }}, or test it with == null.`
      : `Convert it to text with .map(x, …).join(', ') or toJson(…).`;
  throw new PlaybookError(
    'expression_failed',
    `\`${source}\` is ${describeJson(value)}, which cannot be inserted into text. ${instead}`,
  );
}

function at<T>(path: string, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (path === '' || !(error instanceof PlaybookError)) throw error;
    throw new PlaybookError(error.code, `In '${path}': ${error.message}`, { cause: error, details: error.details });
  }
}
