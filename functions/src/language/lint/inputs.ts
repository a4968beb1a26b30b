import type { LintProblem } from '../playbook/definition-problem.ts';
import { RESERVED_IDS } from './steps.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { PlaybookInput } from '../playbook/playbook-input.ts';
import { isSecretName } from '#core/redact/redact.ts';

/** Inputs are stored in the record, which is limited to a megabyte. */
const MAX_TOTAL_CHARS = 50_000;

/**
 * Problems with the inputs of a playbook beyond their schema: names that expressions cannot use or that are redacted in
 * records, required inputs of a scheduled playbook, texts that are too long in total.
 */
export function inputProblems({ inputs = {}, schedule }: Playbook): readonly LintProblem[] {
  const problems = Object.entries(inputs).flatMap(([name, input]) => [
    ...nameProblems(name),
    ...undecidedProblems(name, input),
    ...(schedule === undefined ? [] : unansweredProblems(name, input)),
  ]);
  const chars = Object.values(inputs).reduce((sum, input) => sum + (input.type === 'string' ? input.maxLength : 0), 0);
  if (chars <= MAX_TOTAL_CHARS) return problems;
  const message = `The texts of the inputs may have ${chars} characters in total; at most ${MAX_TOTAL_CHARS} are allowed.`;
  return [...problems, { path: ['inputs'], message, suggestion: 'Lower their maxLength.' }];
}

function nameProblems(name: string): readonly LintProblem[] {
  const path = ['inputs', name];
  if (RESERVED_IDS.has(name)) {
    return [
      { path, at: 'key', message: `'${name}' is a reserved word of the expression language; choose another name.` },
    ];
  }
  if (!isSecretName(name)) return [];
  const message = `An input named '${name}' looks like a secret, and inputs are recorded.`;
  return [
    { path, at: 'key', message, suggestion: 'Keep secrets in Secret Manager, and write secret://NAME in a step.' },
  ];
}

function undecidedProblems(name: string, input: PlaybookInput): readonly LintProblem[] {
  if (input.type !== 'boolean' || input.required || input.default !== undefined) return [];
  const message = `'${name}' has no value if none is given, and so is neither true nor false.`;
  return [{ path: ['inputs', name], message, suggestion: 'Add default: false, or required: true.' }];
}

function unansweredProblems(name: string, input: PlaybookInput): readonly LintProblem[] {
  if (!input.required || input.default !== undefined) return [];
  const message = `The schedule starts this playbook without inputs, but '${name}' is required.`;
  return [{ path: ['inputs', name, 'required'], message, suggestion: 'Add a default, or remove required.' }];
}
