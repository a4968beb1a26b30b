import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { type FailureClass, FailureCode, failureClassOf } from '#core/failure.ts';
import { commonStepFields, playbookFields, RetryPolicy, type Step } from '../playbook/playbook.ts';
import { commonInputFields, PlaybookInput } from '../playbook/playbook-input.ts';
import type { DescribedStepType, Effect } from '../playbook/step-type.ts';
import { expressionFunctions, expressionNames } from './expression-reference.ts';
import { code, fieldTable, table, yamlBlock } from './markdown.ts';
import { outputNotation } from './schema-notation.ts';

/** What the page shows about a tool. */
export interface DescribedTool {
  readonly name: string;
  /** One sentence, for the reference page and for the model that chooses the tool. */
  readonly summary: string;
  readonly effect: Effect;
  readonly input: z.ZodType;
  readonly output: z.ZodType<Json>;
  readonly example: Json;
}

/** What the page shows about a channel. */
export interface DescribedChannel {
  /** The name in playbooks and records. */
  readonly name: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  /** Whether a message goes to addresses (`to`) or to one shared place. */
  readonly addressed: boolean;
}

/** The definitions to describe. */
export interface Registries {
  readonly stepTypes: readonly DescribedStepType[];
  readonly tools: readonly DescribedTool[];
  readonly channels: readonly DescribedChannel[];
}

/** The reference page in Markdown, generated from the definitions themselves. */
export function referencePage({ stepTypes, tools, channels }: Registries): string {
  const sections = [
    ...playbookSections(),
    ...inputSections(),
    ...stepSections(stepTypes),
    '## Tools',
    `A ${toolCallers(stepTypes)} step names one of these; an agent may use those listed in its file.`,
    ...tools.flatMap(toolSection),
    ...channelSections(channels),
    ...expressionSections(),
    ...failureSections(),
  ];
  return `${sections.join('\n\n')}\n`;
}

function playbookSections(): readonly string[] {
  return [
    '# Reference',
    'Everything a playbook can contain. `npm run docs` generates this page from the code, and a test keeps it up to date.',
    '## Playbook',
    fieldTable(z.strictObject(playbookFields)),
    'A playbook also has `steps` (below). Durations look like `500ms`, `30s`, `10m`, `4h` or `7d`.',
  ];
}

function inputSections(): readonly string[] {
  return [
    '## Inputs',
    'Values that can be given to a manual start: in the console, or with `npm run playbook -- run ID --input NAME=VALUE`. Scheduled executions use the defaults. Each input has a `type` and these fields:',
    fieldTable(z.strictObject(commonInputFields)),
    'Further fields depend on the type:',
    ...PlaybookInput.options.flatMap(inputSection),
  ];
}

function stepSections(stepTypes: readonly DescribedStepType[]): readonly string[] {
  return [
    '## Steps',
    'Every step has a `type`, the fields of that type, and these fields:',
    fieldTable(z.strictObject(commonStepFields)),
    '`retry` has these fields:',
    fieldTable(RetryPolicy),
    ...stepTypes.flatMap(stepSection),
  ];
}

function channelSections(channels: readonly DescribedChannel[]): readonly string[] {
  const rows = channels.map(({ name, summary, addressed }) => [
    code(name),
    summary,
    addressed ? 'the addresses in `to`' : 'one fixed place',
  ]);
  return ['## Channels', table(['Channel', 'What it does', 'Goes to'], rows)];
}

function failureSections(): readonly string[] {
  const rows = FailureCode.options.map((failure) => [
    code(failure),
    code(failureClassOf(failure)),
    REMEDY[failureClassOf(failure)],
  ]);
  return [
    '## Failure codes',
    'Every failed step and execution has one of these codes. The class tells what you can do about it.',
    table(['Code', 'Class', 'What can be done'], rows),
  ];
}

function toolCallers(stepTypes: readonly DescribedStepType[]): string {
  return stepTypes
    .filter((stepType) => stepType.kind === 'action' && stepType.names?.tool !== undefined)
    .map(({ type }) => code(type))
    .join(' or ');
}

const REMEDY: Readonly<Record<FailureClass, string>> = {
  transient: 'The same call may work shortly; it is retried.',
  rate_limited: 'The other side asked to slow down; it is retried later.',
  rejected: 'The other side understood the request and refused it.',
  contract: 'A definition, an input or an output is invalid.',
  budget: 'Time, tokens or money ran out.',
  needs_person: 'A credential, a permission or a decision is missing.',
  internal: 'A bug in the playbook runner.',
};

function inputSection({ shape }: (typeof PlaybookInput.options)[number]): readonly string[] {
  const { type, ...fields } = shape;
  const own = Object.entries(fields).filter(([name]) => !Object.hasOwn(commonInputFields, name));
  return [`### ${type.value}`, fieldTable(z.strictObject(Object.fromEntries(own)))];
}

const nestedSteps: z.ZodType<readonly Step[]> = z.array(z.custom<Step>().meta({ title: 'step' }));

function stepSection(stepType: DescribedStepType): readonly string[] {
  const { type, summary, output, example } = stepType;
  const fields = stepType.kind === 'control' ? stepType.fields(nestedSteps) : stepType.fields;
  return [
    `### ${type}`,
    summary,
    fieldTable(z.strictObject(fields)),
    `Output: ${code(outputNotation(output))}`,
    yamlBlock([example]),
  ];
}

function toolSection({ name, summary, effect, input, output, example }: DescribedTool): readonly string[] {
  return [
    `### ${name}`,
    `${summary} ${EFFECT[effect]}`,
    fieldTable(input),
    `Output: ${code(outputNotation(output))}`,
    yamlBlock({ tool: name, with: example }),
  ];
}

const EFFECT: Readonly<Record<Effect, string>> = {
  none: 'It changes nothing outside.',
  keyed: 'It may change something outside, but only once per idempotency key.',
  unkeyed: 'It may change something outside, and again if it is repeated.',
};

function expressionSections(): readonly string[] {
  return [
    '## Expressions',
    'Expressions are [CEL](https://cel.dev). Write them directly in `if`, `value`, `ok` and `alert`, and inside `${{ }}` in every other field of a step. A value that consists of one `${{ }}` keeps its type; within text, you can insert texts, numbers and booleans. Write `$${{` for a literal `${{`.',
    table(
      ['Name', 'Meaning'],
      expressionNames.map(({ name, meaning }) => [code(name), meaning]),
    ),
    table(
      ['Syntax', 'Meaning', 'Example', 'Result'],
      expressionFunctions.map(({ usage, meaning, example, result }) => [
        code(usage),
        meaning,
        code(example),
        code(JSON.stringify(result)),
      ]),
    ),
    'Limits: 2,000 characters, 32 levels, 1,000 parts, 10,000 loop iterations in total, and 1,000,000 characters of text. Division by zero, a number that is not finite, a missing field, and a condition that is not true or false are failures (`expression_failed`); they never yield a value.',
  ];
}
