import type { z } from 'zod';
import { isJsonObject } from '#core/json.ts';
import { type DefinitionPath, type LintProblem, quoted } from '../playbook/definition-problem.ts';
import { mayBeWrittenTo } from '#core/mail-address.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Step } from '../playbook/playbook.ts';
import type { StepTypeShape } from '../playbook/playbook-schema.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { type StepNames, writtenField, type WrittenField, writtenTexts } from '../playbook/step-names.ts';
import type { ToolNames } from '../playbook/tool-names.ts';
import { hasTemplate } from '../expressions/template.ts';
import { secretProblems } from './secrets.ts';

/** All names that a playbook may use. */
export interface LintCatalog {
  readonly stepTypes: readonly StepTypeShape[];
  readonly tools: readonly CheckedTool[];
  /** `addressed`: it requires recipients. */
  readonly channels: readonly { readonly name: string; readonly addressed: boolean }[];
  readonly agentIds: readonly string[];
  /** The roles of `people.yaml`; undefined if they are unknown; then every role is accepted. */
  readonly roles: readonly string[] | undefined;
  /** Addresses (`a@b.c`) and domains (`@b.c`) to which mail may be sent; an empty list allows all. */
  readonly allowedRecipients: readonly string[];
}

/** The part of a tool that its calls are checked against. */
export interface CheckedTool {
  readonly name: string;
  readonly input: z.ZodType;
  readonly output?: z.ZodType;
  readonly names?: ToolNames;
}

/**
 * Problems with the catalog names in the fields declared by a step's type: a tool (and whether its input fits), an
 * agent, a role, channels and their recipients. Names from templates are not known yet and are accepted.
 */
export function referenceProblems(
  step: Step,
  names: StepNames,
  path: DefinitionPath,
  catalog: LintCatalog,
): readonly LintProblem[] {
  const at = (field: string | undefined): WrittenField => writtenField(step, field, path);
  return [
    ...toolProblems(at(names.tool), at(names.toolInput), catalog),
    ...nameProblems(at(names.agent), 'agent', catalog.agentIds),
    ...nameProblems(at(names.role), 'role', catalog.roles),
    ...messageProblems(at(names.channels), at(names.recipients), catalog),
  ];
}

function toolProblems(named: WrittenField, toolInput: WrittenField, { tools }: LintCatalog): readonly LintProblem[] {
  const unknown = nameProblems(
    named,
    'tool',
    tools.map(({ name }) => name),
  );
  const tool = tools.find(({ name }) => name === named.value);
  const input = toolInput.value ?? {};
  if (tool === undefined || !isJsonObject(input)) return unknown;
  const problems = schemaProblems(tool.input, input, { templates: true }).map((problem) => ({
    ...problem,
    path: [...toolInput.path, ...problem.path],
    message: `${tool.name}: ${problem.message}`,
  }));
  return [...problems, ...secretProblems(input, tool.names?.address, toolInput.path)];
}

/**
 * Problems with notifications: unknown channels, recipients that are neither a role nor an address, addresses that are
 * not allowed, and a channel that needs recipients but has none.
 */
export function messageProblems(
  channels: WrittenField,
  to: WrittenField,
  catalog: LintCatalog,
): readonly LintProblem[] {
  const names = catalog.channels.map(({ name }) => name);
  return [
    ...nameProblems(channels, 'channel', names),
    ...recipientProblems(to, catalog),
    ...unaddressedProblems(channels, to, catalog),
  ];
}

function unaddressedProblems(channels: WrittenField, to: WrittenField, catalog: LintCatalog): readonly LintProblem[] {
  if (to.value !== undefined && !(Array.isArray(to.value) && to.value.length === 0)) return [];
  const written = new Set(writtenTexts(channels).map(({ text }) => text));
  const addressed = catalog.channels.find((channel) => channel.addressed && written.has(channel.name));
  if (addressed === undefined) return [];
  const message = `${addressed.name} requires recipients. Name roles or addresses in '${to.path.at(-1)}'.`;
  return [{ path: to.path, message }];
}

function recipientProblems(to: WrittenField, catalog: LintCatalog): readonly LintProblem[] {
  return writtenTexts(to).flatMap(({ text, path }) => {
    if (hasTemplate(text)) return [];
    if (!text.includes('@')) return nameProblems({ value: text, path }, 'role', catalog.roles);
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
      return [{ path, message: `${quoted(text)} is not a mail address; write one like ann@example.com, or a role.` }];
    }
    if (mayBeWrittenTo(text, catalog.allowedRecipients)) return [];
    return [
      {
        path,
        message: `${quoted(text)} is not among the allowed recipients of people.yaml.`,
        suggestion: 'Add the address or its domain to allowedRecipients, or name a role.',
      },
    ];
  });
}

function nameProblems(
  written: WrittenField,
  what: string,
  known: readonly string[] | undefined,
): readonly LintProblem[] {
  if (known === undefined) return [];
  return writtenTexts(written).flatMap(({ text, path }) => {
    if (hasTemplate(text) || known.includes(text)) return [];
    const suggestion = suggestionFor(text, known);
    return [{ path, message: `Unknown ${what} ${quoted(text)}.`, ...(suggestion !== undefined && { suggestion }) }];
  });
}
