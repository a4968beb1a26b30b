import { type Program, Visitor } from 'oxc-parser';
import type { Span } from './mutation.ts';

/** The parts of a program without behaviour of its own: types, imports, exports, directives, class names of elements. */
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
    JSXAttribute: (node) => {
      if (node.name.type === 'JSXIdentifier' && node.name.name === 'class') keep(node);
    },
  }).visit(program);
  return parts;
}
