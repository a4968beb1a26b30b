import type { BlockStatement, CatchClause, Expression, Statement } from 'oxc-parser';
import { type Found, type Rule, textOf } from './mutation.ts';

/** Faults in what is done and in which order: missing calls and `await`, early ends, errors that nobody catches. */
export const flowRules: Rule = (text, found) => {
  const returnsValue: boolean[] = [];
  const enter = (): void => void returnsValue.push(false);
  const leave = (body: Statement | Expression | null | undefined): void => {
    const isForItsEffect = returnsValue.pop() === false;
    if (isForItsEffect && body?.type === 'BlockStatement') returnEarly(body, found);
  };
  const leaveLoop = ({ body }: { readonly body: Statement }): void => endEarly(body, found);
  return {
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    'FunctionDeclaration:exit': ({ body }) => leave(body?.type === 'BlockStatement' ? body : undefined),
    'FunctionExpression:exit': ({ body }) => leave(body?.type === 'BlockStatement' ? body : undefined),
    'ArrowFunctionExpression:exit': ({ body }) => leave(body.type === 'BlockStatement' ? body : undefined),
    ReturnStatement({ argument }) {
      if (argument !== null && returnsValue.length > 0) returnsValue[returnsValue.length - 1] = true;
    },
    ForOfStatement: leaveLoop,
    ForStatement: leaveLoop,
    ExpressionStatement({ expression, start, end }) {
      if (isEffect(expression)) found('call', { start, end }, '{}');
    },
    AwaitExpression({ argument, start, end }) {
      found('await', { start, end }, textOf(text, argument));
    },
    CatchClause: (clause) => throwOn(text, clause, found),
    TryStatement({ finalizer }) {
      if (finalizer !== null && finalizer.body.length > 0) found('catch', finalizer, '{}');
    },
  };
};

function isEffect(expression: Expression): boolean {
  const { type } = expression;
  if (type === 'AwaitExpression') return isEffect(expression.argument);
  if (type === 'UnaryExpression') return expression.operator === 'void' && isEffect(expression.argument);
  if (type === 'UpdateExpression') return false;
  return type === 'CallExpression' || type === 'AssignmentExpression' || type === 'ChainExpression';
}

function returnEarly({ body }: BlockStatement, found: Found): void {
  const place = body.at(-2);
  if (place !== undefined && body.length > 2) found('early', { start: place.start, end: place.start }, 'return; ');
}

function endEarly(body: Statement, found: Found): void {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  if (last === undefined || /^(Return|Throw|Break|Continue)Statement$/.test(last.type)) return;
  found('early', { start: last.end, end: last.end }, ' break;');
}

/** The error goes on as if nothing caught it. */
function throwOn(text: string, { param, body, start }: CatchClause, found: Found): void {
  if (body.body[0]?.type === 'ThrowStatement') return;
  if (param === null) found('catch', { start, end: body.start + 1 }, 'catch (thrown) { throw thrown;');
  if (param?.type !== 'Identifier') return;
  found('catch', { start: body.start, end: body.start + 1 }, `{ throw ${textOf(text, param)};`);
}
