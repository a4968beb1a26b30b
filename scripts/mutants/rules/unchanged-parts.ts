import { type Expression, type Program, Visitor } from 'oxc-parser';
import type { Span } from './mutation.ts';

/**
 * The parts of a program without behaviour of their own (types, imports, exports, directives, class names of elements),
 * and signals to processes: with a bug they could reach any process of this machine.
 */
export function unchangedParts(program: Program): readonly Span[] {
  const parts: Span[] = [];
  const keep = ({ start, end }: Span): void => void parts.push({ start, end });
  const keepSource = ({ source }: { readonly source: Span | null }): void => {
    if (source !== null) keep(source);
  };
  new Visitor({
    ImportDeclaration: keep,
    ExportAllDeclaration: keep,
    ExportNamedDeclaration: keepSource,
    ImportExpression: keepSource,
    TSTypeAliasDeclaration: keep,
    TSInterfaceDeclaration: keep,
    TSTypeAnnotation: keep,
    TSTypeParameterDeclaration: keep,
    TSTypeParameterInstantiation: keep,
    TSSatisfiesExpression: ({ typeAnnotation }) => keep(typeAnnotation),
    TSAsExpression: ({ typeAnnotation }) => keep(typeAnnotation),
    ExpressionStatement: (node) => {
      if ('directive' in node && typeof node.directive === 'string') keep(node);
    },
    CallExpression: (node) => {
      if (isSignal(node.callee)) keep(node);
    },
    JSXAttribute: (node) => {
      if (node.name.type === 'JSXIdentifier' && node.name.name === 'class') keep(node);
    },
  }).visit(program);
  return parts;
}

function isSignal(callee: Expression): boolean {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  return callee.property.name === 'kill' && callee.object.type === 'Identifier' && callee.object.name === 'process';
}
