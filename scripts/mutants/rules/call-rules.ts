import type { CallExpression, MemberExpression } from 'oxc-parser';
import { type Found, type Rule, textOf, tokenAfter } from './mutation.ts';

const RENAMED = new Map([
  ['every', 'some'],
  ['some', 'every'],
  ['find', 'findLast'],
  ['findLast', 'find'],
  ['findIndex', 'findLastIndex'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);
/** The result of these has the type of what they are called on, so leaving them out compiles. */
const LEFT_OUT = new Set([
  'filter',
  'toSorted',
  'toReversed',
  'trim',
  'toLowerCase',
  'toUpperCase',
  'slice',
  'catch',
  'finally',
]);

/** Faults in what is called: a similar method, none, or one that `?.` guards. */
export const callRules: Rule = (text, found) => ({
  CallExpression(node) {
    if (node.optional) unguard(text, node.callee.end, found);
    if (node.callee.type === 'MemberExpression') changeMethod(text, node, node.callee, found);
  },
  MemberExpression({ object, optional, computed }) {
    if (!optional) return;
    const guard = tokenAfter(text, '?.', object.end);
    found('chain', guard, computed ? '' : '.');
  },
});

function unguard(text: string, offset: number, found: Found): void {
  found('chain', tokenAfter(text, '?.', offset), '');
}

function changeMethod(text: string, call: CallExpression, callee: MemberExpression, found: Found): void {
  const { object, property, optional } = callee;
  if (property.type !== 'Identifier' || callee.computed) return;
  const renamed = RENAMED.get(property.name);
  if (renamed !== undefined) found('method', property, renamed);
  if (!LEFT_OUT.has(property.name) || optional) return;
  const kind = ['catch', 'finally'].includes(property.name) ? 'catch' : 'method';
  found(kind, call, textOf(text, object));
}
