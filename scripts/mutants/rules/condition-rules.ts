import type { Expression } from 'oxc-parser';
import { type Rule, textOf, tokenAfter } from './mutation.ts';

const BOUNDARIES = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
]);
const EQUALITIES = new Map([
  ['===', '!=='],
  ['!==', '==='],
]);

/** Faults in what is decided: comparisons, conditions, guards, `&&` and `||`, `??`, ternaries. */
export const conditionRules: Rule = (text, found) => ({
  BinaryExpression({ left, operator, right }) {
    const place = tokenAfter(text, operator, left.end);
    const boundary = BOUNDARIES.get(operator);
    if (boundary !== undefined) found('boundary', place, boundary);
    const equality = EQUALITIES.get(operator);
    if (equality !== undefined && place.end <= right.start) found('negation', place, equality);
  },
  IfStatement(node) {
    if (!isNegatedElsewhere(node.test)) found('negation', node.test, `!(${textOf(text, node.test)})`);
    if (node.alternate === null) found('guard', node, '{}');
  },
  UnaryExpression({ operator, argument, start, end }) {
    if (operator === '!') found('negation', { start, end }, textOf(text, argument));
  },
  LogicalExpression({ left, operator, right, start, end }) {
    const kind = operator === '??' ? 'fallback' : 'logic';
    for (const side of [left, right]) found(kind, { start, end }, textOf(text, side));
    if (kind === 'logic') found('logic', tokenAfter(text, operator, left.end), operator === '&&' ? '||' : '&&');
  },
  ConditionalExpression({ consequent, alternate }) {
    const between = text.slice(consequent.end, alternate.start);
    const span = { start: consequent.start, end: alternate.end };
    found('swap', span, textOf(text, alternate) + between + textOf(text, consequent));
  },
});

/** `!x` and `a === b` are turned round where they are. */
function isNegatedElsewhere(test: Expression): boolean {
  if (test.type === 'UnaryExpression') return test.operator === '!';
  return test.type === 'BinaryExpression' && EQUALITIES.has(test.operator);
}
