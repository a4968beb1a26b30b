import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { type FailureClass, FailureCode, failureClassOf } from '#core/failure.ts';
import { commonStepFields, playbookFields, RetryPolicy, type Step } from '../playbook/playbook.ts';
import { commonInputFields, PlaybookInput } from '../playbook/playbook-input.ts';
import type { DescribedStepType, Effect } from '../playbook/step-type.ts';
import { expressionFunctions, expressionNames } from './expression-reference.ts';
import { code, fieldTable, table, yamlBlock } from './markdown.ts';
import { outputNotation } from './schema-notation.ts';

/** What the page says of a tool. */
interface DescribedTool {
  readonly name: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly input: z.ZodType;
  readonly output: z.ZodType<Json>;
  readonly example: Json;
}

/** What the page says of a channel. */
interface DescribedChannel {
  readonly name: string;
  readonly summary: string;
  readonly addressed: boolean;
}

/** What there is to describe. */
export interface Registries {
  readonly stepTypes: readonly DescribedStepType[];
  readonly tools: readonly DescribedTool[];
  readonly channels: readonly DescribedChannel[];
}

/** The reference page, in Markdown, made of the definitions themselves. */
export function referencePage({ stepTypes, tools, channels }: Registries): string {
  const sections = [
    ...playbookSections(),
    ...inputSections(),
    ...stepSections(stepTypes),
    '## Tools',
    `A ${toolCallers(stepTypes)} names one of these, and an agent may use those that its file lists.`,
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
    'Everything a playbook may say. `npm run docs` writes this page from the code; a test keeps it current.',
    '## Playbook',
    fieldTable(z.strictObject(playbookFields)),
    'Beside these, a playbook has its `steps`. Durations are written `500ms`, `30s`, `10m`, `4h`, `7d`.',
  ];
}

function inputSections(): readonly string[] {
  return [
    '## Inputs',
    'What may be said when the playbook is started by hand: in the console, or with `npm run playbook -- run ID --input NAME=VALUE`. A schedule takes the defaults. Each input has a `type` and may have:',
    fieldTable(z.strictObject(commonInputFields)),
    'The fields beside these depend on the type:',
    ...PlaybookInput.options.flatMap(inputSection),
  ];
}

function stepSections(stepTypes: readonly DescribedStepType[]): readonly string[] {
  return [
    '## Steps',
    'Every step has a `type`, the fields of that type, and may have:',
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
    addressed ? 'the addresses in `to`' : 'one place for all',
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
    'Every failed step and execution carries one of these codes. The class says what can be done about it.',
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
  transient: 'The same call may work in a moment; it is tried again.',
  rate_limited: 'The other side asked to slow down; it is tried again later.',
  rejected: 'The other side understood and said no.',
  contract: 'A definition, an input or an output is not what it must be.',
  budget: 'Time, tokens or money ran out.',
  needs_person: 'A credential, a permission or a decision is missing.',
  internal: 'A bug of the playbook runner.',
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
  keyed: 'It may change something outside, once for each idempotency key.',
  unkeyed: 'It may change something outside, and a repetition may do so twice.',
};

function expressionSections(): readonly string[] {
  return [
    '## Expressions',
    'Expressions are [CEL](https://cel.dev). They stand as they are in `if`, `value`, `ok` and `alert`, and inside `${{ }}` in every other field of a step. A value that is one `${{ }}` keeps its type; inside text, texts, numbers and truth values are put in. `$${{` stands for the characters themselves.',
    table(
      ['Name', 'What it is'],
      expressionNames.map(({ name, meaning }) => [code(name), meaning]),
    ),
    table(
      ['Written', 'What it does', 'Example', 'Yields'],
      expressionFunctions.map(({ usage, meaning, example, result }) => [
        code(usage),
        meaning,
        code(example),
        code(JSON.stringify(result)),
      ]),
    ),
    'Bounds: 2,000 characters, 32 levels, 1,000 parts, 10,000 rounds of all loops together, 1,000,000 characters of text. Division by zero, a number that is not finite, a field that is not there and a condition that is not true or false are failures (`expression_failed`), never a value.',
  ];
}
