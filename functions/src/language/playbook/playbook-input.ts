import { z } from 'zod';
import { describeJson } from '../expressions/expression.ts';
import { Name } from './field-schemas.ts';
import type { Json } from '#core/json.ts';
import { quoted } from './definition-problem.ts';

/** The fields that every input may have, whatever its type. */
export const commonInputFields = {
  name: Name.optional().describe('Display name; the name used in expressions if omitted.'),
  description: z.string().max(500).optional().describe('Purpose of the input.'),
  required: z.boolean().default(false).describe('Whether a value must be given; a default satisfies it.'),
};

const DEFAULT = 'Value used when none is given.';

/** A value that can be given to a manual start, and its default. */
export const PlaybookInput = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('string'),
      ...commonInputFields,
      default: z.string().min(1).optional().describe(DEFAULT),
      maxLength: z.number().int().min(1).max(10_000).default(2_000).describe('Maximum length in characters.'),
    }),
    z.strictObject({
      type: z.literal('number'),
      ...commonInputFields,
      default: z.number().optional().describe(DEFAULT),
      min: z.number().optional().describe('Smallest number allowed.'),
      max: z.number().optional().describe('Largest number allowed.'),
      integer: z.boolean().default(false).describe('Whether only whole numbers are allowed.'),
    }),
    z.strictObject({
      type: z.literal('boolean'),
      ...commonInputFields,
      default: z.boolean().optional().describe(DEFAULT),
    }),
    z.strictObject({
      type: z.literal('choice'),
      ...commonInputFields,
      default: z.string().optional().describe(DEFAULT),
      options: z.array(z.string().min(1).max(200)).min(1).max(100).describe('The texts to choose from.'),
    }),
  ])
  .superRefine((input, context) => {
    const issue = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (input.type === 'number' && (input.min ?? -Infinity) > (input.max ?? Infinity)) {
      issue('max', `The largest number (${input.max}) is below the smallest (${input.min}).`);
      return;
    }
    if (input.type === 'choice' && new Set(input.options).size < input.options.length) {
      issue('options', 'The same option is listed twice.');
    }
    const misfit = input.default === undefined ? undefined : misfitOf(input, input.default);
    if (misfit !== undefined) issue('default', `The default ${misfit}`);
  })
  .meta({ title: 'input' });
export type PlaybookInput = z.infer<typeof PlaybookInput>;

/** Why a value does not fit this input, as the end of a sentence; undefined if it fits or is null. */
export function misfitOf(input: PlaybookInput, value: Json): string | undefined {
  if (value === null || fits(input, value)) return undefined;
  const length = input.type === 'string' && typeof value === 'string' ? ` of ${value.length} characters` : '';
  return `${expectationOf(input)}, but is ${describedInput(value)}${length}.`;
}

/** What a value of this input must be, as the middle of a sentence: `must be a whole number from 1 to 90`. */
export function expectationOf(input: PlaybookInput): string {
  switch (input.type) {
    case 'string':
      return `must be a text of at most ${input.maxLength} characters`;
    case 'boolean':
      return 'must be true or false';
    case 'choice':
      return `must be one of ${input.options.slice(0, 20).map(quoted).join(', ')}${input.options.length > 20 ? ' and more' : ''}`;
    case 'number':
      return `must be a ${input.integer ? 'whole number' : 'number'}${rangeOf(input)}`;
  }
}

function rangeOf({ min, max }: Extract<PlaybookInput, { type: 'number' }>): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function fits(input: PlaybookInput, value: Json): boolean {
  switch (input.type) {
    case 'string':
      return typeof value === 'string' && value.length <= input.maxLength;
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && input.options.includes(value);
    case 'number': {
      const { min = -Infinity, max = Infinity, integer } = input;
      if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max) return false;
      return !integer || Number.isSafeInteger(value);
    }
  }
}

/** A given value as messages show it. */
export function describedInput(value: Json): string {
  return typeof value === 'string' ? `the text ${quoted(value)}` : describeJson(value);
}
