import { cut } from '#core/cut.ts';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  type Scalar,
  visit,
  type Node,
  type Pair,
} from 'yaml';
import type { DefinitionPath } from '../playbook/definition-problem.ts';
import { placeOf, type SourcePlace, visible } from '#core/source-excerpt.ts';
import { encodingProblem, syntaxProblems, type YamlProblem } from './yaml-syntax-problems.ts';

const MAX_CHARS = 1_000_000;
const MAX_ALIASES = 100;
const MAX_PROBLEMS = 50;
const PLAIN_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

const YAML_1_2 = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: true,
  prettyErrors: false,
  resolveKnownTags: false,
  logLevel: 'error',
} as const;

/** A parsed YAML text. `document` is absent if it could not be parsed. */
export interface ReadYaml {
  /** The text without a byte order mark, which places refer to. */
  readonly text: string;
  readonly problems: readonly YamlProblem[];
  readonly document?: {
    readonly value: unknown;
    /** The place of the value at a path, or of its key; if it does not exist, of the closest enclosing value. */
    positionOf(path: DefinitionPath, at?: 'key' | 'value'): SourcePlace;
  };
}

/**
 * Parses one YAML 1.2 document (core schema: `on`, `no` and dates are texts, `1e3` is a number). Refuses duplicate
 * keys, tabs, several documents, custom tags, `<<` and `__proto__` keys, lone surrogates, more than 100 aliases, more
 * than 1 MB, text that is not UTF-8 (from `invalidAt` on, unless it is -1), and bare CR line endings.
 */
export function readYaml(written: string, invalidAt = -1): ReadYaml {
  const text = written.replace(/^\uFEFF/, '');
  if (text.length > MAX_CHARS) {
    const message = 'The file is larger than 1 MB, the limit for definitions.';
    return { text: '', problems: [{ place: { line: 1, column: 1 }, message }] };
  }
  const broken = encodingProblem(text, invalidAt === -1 ? -1 : Math.max(0, invalidAt - (written.length - text.length)));
  if (broken !== undefined) return { text, problems: [broken] };
  const document = parseDocument(text, YAML_1_2);
  const problems = [...syntaxProblems(document, text), ...contentProblems(document, text)].slice(0, MAX_PROBLEMS);
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY') || hasCycle(document)) return { text, problems };
  const value = plainValue(document);
  if (!value.ok) return { text, problems: [...problems, { place: { line: 1, column: 1 }, message: value.message }] };
  return {
    text,
    problems,
    document: { value: value.value, positionOf: (path, at) => position(document, text, path, at) },
  };
}

function plainValue(
  document: Document,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (value === null || value === undefined) return { ok: false, message: 'The file is empty.' };
    return { ok: true, value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /Unresolved alias.*: (.*)$/.exec(message)?.[1];
    if (unknown !== undefined)
      return {
        ok: false,
        message: `The alias '*${unknown}' refers to no anchor; put texts that begin with * in quotes.`,
      };
    return { ok: false, message: `The file expands to more than ${MAX_ALIASES} aliases, the limit.` };
  }
}

/** Problems with valid YAML that definitions do not allow. */
function contentProblems(document: Document, text: string): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  const report = (node: unknown, message: string): void => {
    problems.push({ place: placeOf(text, offsetOf(node) ?? 0), message });
  };
  if (document.directives?.yaml.explicit === true)
    report(undefined, 'Remove the %YAML line: definitions are YAML 1.2.');
  visit(document, {
    Pair: (_, pair: Pair) => {
      const problem = keyProblem(pair.key);
      if (problem !== undefined) report(pair.key, problem);
    },
    Node: (_, node, ancestors) => {
      if (node.tag !== undefined && !PLAIN_TAGS.has(node.tag)) report(node, refusedTag(node.tag));
      if (isScalar(node)) problems.push(...scalarProblems(node, text));
      if (isAlias(node) && ancestors.some((ancestor) => isAnchored(ancestor, node.source))) {
        report(node, `The alias '*${node.source}' refers to a value that contains it.`);
      }
    },
  });
  return problems;
}

function refusedTag(tag: string): string {
  const written = tag.replace('tag:yaml.org,2002:', '!!');
  return `The tag '${written}' is refused: a value that begins with ! needs quotes.`;
}

/** Lost or broken parts of a text: a lone surrogate, or an end that YAML reads as a comment. */
function scalarProblems(node: Scalar, text: string): readonly YamlProblem[] {
  const place = placeOf(text, node.range?.[0] ?? 0);
  if (typeof node.value !== 'string') return [];
  if (!node.value.isWellFormed()) {
    const suggestion = 'Write the character itself, or both surrogates.';
    return [{ place, message: 'This text contains a lone surrogate, written with \\u….', suggestion }];
  }
  const rest = (text.slice(node.range?.[1] ?? text.length).split('\n', 1)[0] ?? '').trim();
  if (node.type !== 'PLAIN' || node.value === '' || !/^#[^\s#]/.test(rest)) return [];
  const message = `The text ends before '${cutVisible(rest)}', which YAML reads as a comment.`;
  const suggestion = 'Put the text in quotes, or write a space after the # to make it a comment.';
  return [{ place, message, suggestion, severity: 'warning' }];
}

function cutVisible(text: string): string {
  return visible(cut(text, 40));
}

function keyProblem(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return 'A key must be plain text.';
  if (key.value === '<<') return "Merge keys ('<<') are refused; write the fields out.";
  return key.value === '__proto__' ? "'__proto__' cannot be a key." : undefined;
}

function isAnchored(ancestor: unknown, anchor: string): boolean {
  return isNode(ancestor) && isCollection(ancestor) && ancestor.anchor === anchor;
}

function hasCycle(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: (_, alias, ancestors) => {
      if (!ancestors.some((ancestor) => isAnchored(ancestor, alias.source))) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function position(document: Document, text: string, path: DefinitionPath, at: 'key' | 'value' = 'value'): SourcePlace {
  const node = nodeAt(document, path);
  const offset = at === 'key' ? keyOffset(document, path) : undefined;
  if (offset !== undefined) return placeOf(text, offset);
  const start = offsetOf(node);
  if (start !== undefined) return placeOf(text, start);
  return path.length === 0 ? { line: 1, column: 1 } : position(document, text, path.slice(0, -1));
}

function nodeAt(document: Document, path: DefinitionPath): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function keyOffset(document: Document, path: DefinitionPath): number | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return offsetOf(pair?.key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
