import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Step } from '#language/playbook/playbook.ts';
import { stepTypes } from './index.ts';

describe('the list of step types', () => {
  test('contains each type once', () => {
    expect(new Set(stepTypes.map(({ type }) => type)).size).toBe(stepTypes.length);
  });

  test('contains exactly one that sends alerts', () => {
    expect(stepTypes.filter((stepType) => stepType.kind === 'action' && stepType.tellsAlerts)).toHaveLength(1);
  });
});

describe.each(stepTypes.map((stepType) => [stepType.type, stepType] as const))('%s', (type, stepType) => {
  const fields = z.object(stepType.kind === 'action' ? stepType.fields : stepType.fields(z.array(Step)));

  test('has an example that is valid', () => {
    expect(Step.parse(stepType.example).type).toBe(type);
    expect(fields.safeParse(stepType.example).error).toBeUndefined();
  });

  test('says what it does in a sentence', () => {
    expect(stepType.summary).toMatch(/^[A-Z].+\.$/);
  });

  test('can be described to an editor', () => {
    expect(z.toJSONSchema(fields, { io: 'input', target: 'draft-7' })).toMatchObject({ type: 'object' });
    expect(z.toJSONSchema(stepType.output, { target: 'draft-7' })).toBeTypeOf('object');
  });
});
