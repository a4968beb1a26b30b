import type { BinaryExpression, Expression, PrivateInExpression, PropertyKey } from 'oxc-parser';
import { type Found, type Rule, type Span, tokenAfter } from './mutation.ts';

const ARITHMETIC = new Map([
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['+=', '-='],
  ['-=', '+='],
]);
const TIME = /(_?ms|seconds|minutes|hours|days)$/i;
const MS_PER_SECOND = 1_000;

/** Faults in values: numbers, times, texts, booleans, elements and fields, arithmetic. */
export const valueRules: Rule = (text, found) => {
  const times: Span[] = [];
  const keys = new Set<number>();
  return {
    VariableDeclarator({ id, init }) {
      if (init !== null && id.type === 'Identifier' && TIME.test(id.name)) times.push(init);
    },
    Property({ key, value, computed }) {
      if (!computed) keys.add(key.start);
      if (TIME.test(nameOf(key))) times.push(value);
    },
    AssignmentPattern({ left, right }) {
      if (left.type === 'Identifier' && TIME.test(left.name)) times.push(right);
    },
    Literal({ value, start, end }) {
      const span = { start, end };
      if (typeof value === 'boolean') found('boolean', span, String(!value));
      if (typeof value === 'number') changeNumber(value, span, times, found);
      if (typeof value === 'string' && /^\S+$/.test(value) && !keys.has(start)) found('text', span, "''");
    },
    ArrayExpression({ elements }) {
      removeEach(
        text,
        elements.filter((element) => element !== null),
        found,
      );
    },
    ObjectExpression({ properties }) {
      removeEach(text, properties, found);
    },
    BinaryExpression(node) {
      changeArithmetic(text, node, found);
    },
    AssignmentExpression({ left, operator, right }) {
      const changed = isText(right) ? undefined : ARITHMETIC.get(operator);
      if (changed !== undefined) found('arithmetic', tokenAfter(text, operator, left.end), changed);
    },
  };
};

function nameOf(key: PropertyKey): string {
  return key.type === 'Identifier' ? key.name : '';
}

function changeNumber(value: number, span: Span, times: readonly Span[], found: Found): void {
  const isTime = value !== 0 && times.some(({ start, end }) => start <= span.start && span.end <= end);
  if (!isTime) found('number', span, String(value + 1));
  else found('time', span, String(value < MS_PER_SECOND ? value * MS_PER_SECOND : value / MS_PER_SECOND));
}

function removeEach(text: string, parts: readonly Span[], found: Found): void {
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    const before = parts[index - 1];
    if (next !== undefined) found('element', { start: part.start, end: next.start }, '');
    else found('element', { start: before === undefined ? part.start : before.end, end: endWithComma(text, part) }, '');
  });
}

function endWithComma(text: string, { end }: Span): number {
  return end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);
}

function changeArithmetic(text: string, node: BinaryExpression | PrivateInExpression, found: Found): void {
  const { left, operator, right } = node;
  const changed = ARITHMETIC.get(operator);
  if (changed === undefined || left.type === 'PrivateIdentifier' || isText(left) || isText(right)) return;
  found('arithmetic', tokenAfter(text, operator, left.end), changed);
}

/** Whether `+` joins texts here, as far as the syntax shows. */
function isText(node: Expression): boolean {
  if (node.type === 'TemplateLiteral') return true;
  if (node.type === 'Literal') return typeof node.value === 'string';
  return node.type === 'BinaryExpression' && node.operator === '+' && (isText(node.left) || isText(node.right));
}
