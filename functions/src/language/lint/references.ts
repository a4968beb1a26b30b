import type { z } from 'zod';
import { isJsonObject, type Json } from '#core/json.ts';
import { type DefinitionPath, type LintProblem, quoted } from '../playbook/definition-problem.ts';
import { mayBeWrittenTo } from '#core/mail-address.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Step } from '../playbook/playbook.ts';
import type { StepTypeShape } from '../playbook/playbook-schema.ts';
import { schemaProblems } from '../playbook/schema-problems.ts';
import { hasTemplate } from '../expressions/template.ts';

/** Everything that a playbook may name. */
export interface LintCatalog {
  readonly stepTypes: readonly StepTypeShape[];
  readonly tools: readonly { readonly name: string; readonly input: z.ZodType; readonly output?: z.ZodType }[];
  /** `addressed`: it tells nobody without recipients. */
  readonly channels: readonly { readonly name: string; readonly addressed: boolean }[];
  readonly agentIds: readonly string[];
  /** The roles of `people.yaml`; undefined where they are not known, and every role passes. */
  readonly roles: readonly string[] | undefined;
  /** Addresses (`a@b.c`) and domains (`@b.c`) that may be written to; empty: any. */
  readonly allowedRecipients: readonly string[];
}

/**
 * What a step names in the catalog: its `tool` (and whether `with` fits it), `agent`, `channels`, `to` and `assignee`.
 * What a template will name is not known yet, and passes.
 */
export function referenceProblems(step: Step, path: DefinitionPath, catalog: LintCatalog): readonly LintProblem[] {
  return [
    ...toolProblems(step, path, catalog),
    ...nameProblems(step['agent'], [...path, 'agent'], 'agent', catalog.agentIds),
    ...nameProblems(step['assignee'], [...path, 'assignee'], 'role', catalog.roles),
    ...messageProblems(step['channels'], step['to'], path, catalog),
  ];
}

function toolProblems(step: Step, path: DefinitionPath, { tools }: LintCatalog): readonly LintProblem[] {
  const unknown = nameProblems(
    step['tool'],
    [...path, 'tool'],
    'tool',
    tools.map(({ name }) => name),
  );
  const tool = tools.find(({ name }) => name === step['tool']);
  const input = step['with'] ?? {};
  if (tool === undefined || !isJsonObject(input)) return unknown;
  return schemaProblems(tool.input, input, { templates: true }).map((problem) => ({
    ...problem,
    path: [...path, 'with', ...problem.path],
    message: `${tool.name}: ${problem.message}`,
  }));
}

/**
 * What is wrong with how people are told: channels that there are not, recipients that are neither a role nor an address,
 * addresses that may not be written to, and a channel that needs recipients where nobody is named.
 */
export function messageProblems(
  channels: Json | undefined,
  to: Json | undefined,
  path: DefinitionPath,
  catalog: LintCatalog,
): readonly LintProblem[] {
  return [
    ...channelProblems(channels, [...path, 'channels'], catalog),
    ...recipientProblems(to, [...path, 'to'], catalog),
    ...unaddressedProblems(channels, to, [...path, 'to'], catalog),
  ];
}

function channelProblems(channels: Json | undefined, path: DefinitionPath, catalog: LintCatalog) {
  if (!Array.isArray(channels)) return [];
  const names = catalog.channels.map(({ name }) => name);
  return channels.flatMap((channel, index) => nameProblems(channel, [...path, index], 'channel', names));
}

function unaddressedProblems(
  channels: Json | undefined,
  to: Json | undefined,
  path: DefinitionPath,
  catalog: LintCatalog,
): readonly LintProblem[] {
  if (!Array.isArray(channels) || (to !== undefined && !(Array.isArray(to) && to.length === 0))) return [];
  const addressed = catalog.channels.find((channel) => channel.addressed && channels.includes(channel.name));
  if (addressed === undefined) return [];
  return [{ path, message: `${addressed.name} tells nobody without recipients. Name roles or addresses in 'to'.` }];
}

function recipientProblems(to: Json | undefined, path: DefinitionPath, catalog: LintCatalog): readonly LintProblem[] {
  if (!Array.isArray(to)) return [];
  return to.flatMap((recipient, index) => {
    if (typeof recipient !== 'string' || hasTemplate(recipient)) return [];
    const at = [...path, index];
    if (!recipient.includes('@')) return nameProblems(recipient, at, 'role', catalog.roles);
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(recipient)) {
      return [
        { path: at, message: `${quoted(recipient)} is no mail address; write one like ann@example.com, or a role.` },
      ];
    }
    if (mayBeWrittenTo(recipient, catalog.allowedRecipients)) return [];
    return [
      {
        path: at,
        message: `${quoted(recipient)} is not among the allowed recipients of people.yaml.`,
        suggestion: 'Add the address or its domain to allowedRecipients, or write to a role.',
      },
    ];
  });
}

function nameProblems(
  name: Json | undefined,
  path: DefinitionPath,
  what: string,
  known: readonly string[] | undefined,
): readonly LintProblem[] {
  if (known === undefined || typeof name !== 'string' || hasTemplate(name) || known.includes(name)) return [];
  const suggestion = suggestionFor(name, known);
  return [{ path, message: `Unknown ${what} ${quoted(name)}.`, ...(suggestion !== undefined && { suggestion }) }];
}
