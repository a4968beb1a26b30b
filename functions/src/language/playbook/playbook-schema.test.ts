import { describe, expect, test } from 'vitest';
import { smallStepTypes } from '#testing/builders/small-step-types.ts';
import { pathText } from './definition-problem.ts';
import { playbookJsonSchema, playbookSchema } from './playbook-schema.ts';
import { schemaProblems } from './schema-problems.ts';

const schema = playbookSchema(smallStepTypes);
const call = { id: 'call', type: 'tool_call', tool: 'ping' };
const tell = { id: 'tell', type: 'notify', channels: ['slack'], subject: 'S', body: 'B' };

function problemsOf(...steps: readonly object[]): readonly string[] {
  return schemaProblems(schema, { id: 'p', name: 'P', steps }).map(({ path, message, suggestion }) =>
    [`${pathText(path)}:`, message, suggestion].filter((part) => part !== undefined).join(' '),
  );
}

describe('what fits', () => {
  test('a playbook of all step types, nested ones included', () => {
    const nested = {
      id: 'c',
      type: 'condition',
      if: 'true',
      then: [call, { id: 'd', type: 'condition', if: 'true', then: [tell] }],
    };
    expect(problemsOf(call, nested, tell)).toEqual([]);
  });

  test('a template wherever something else is expected, at any depth', () => {
    expect(
      problemsOf({
        ...tell,
        copies: '${{ inputs.copies }}',
        channels: ['${{ inputs.channel }}'],
        priority: '${{ x }}',
      }),
    ).toEqual([]);
    expect(problemsOf({ ...call, with: '${{ inputs }}' })).toEqual([]);
  });
});

describe('what does not fit', () => {
  test.each([
    [{ ...call, type: 'tool_cal' }, "steps[0].type: Unknown step type 'tool_cal'. Did you mean 'tool_call'?"],
    [
      { id: 'x' },
      "steps[0].type: The field 'type' is missing. There are 'tool_call', 'delegate', 'notify', 'create_thread', 'condition'.",
    ],
    [{ id: 'x', type: 'tool_call' }, "steps[0].tool: The field 'tool' is missing."],
    [{ ...call, too: 1 }, "steps[0].too: Unknown field 'too'. Did you mean 'tool'?"],
    [{ ...call, tool: 5 }, 'steps[0].tool: This must be a text, but it is the number 5.'],
    [{ ...call, with: [1] }, 'steps[0].with: This must be an object with fields, but it is a list.'],
    [{ ...tell, channels: [] }, 'steps[0].channels: This must have at least 1 item.'],
    [{ ...tell, subject: 'x'.repeat(101) }, 'steps[0].subject: This must have at most 100 characters.'],
    [{ ...tell, priority: 'hihg' }, "steps[0].priority: 'hihg' is not allowed here. Did you mean 'high'?"],
    [{ ...tell, copies: 1.5 }, 'steps[0].copies: This must be a whole number, but it is the number 1.5.'],
    [
      { ...call, timeout: '10 minutes' },
      "steps[0].timeout: '10 minutes' is not a duration; write a number and a unit, like 500ms, 30s, 10m, 4h or 7d.",
    ],
    [{ ...call, timeout: '${{ inputs.timeout }}' }, 'is not a duration'],
    [{ ...call, id: 'Call-1' }, "steps[0].id: 'Call-1' must start with a lowercase letter"],
    [{ ...call, retry: { maxAttempts: 0, delay: '1s' } }, 'steps[0].retry.maxAttempts: This must be at least 1.'],
    [
      { ...call, retry: { maxAttempt: 3 } },
      "steps[0].retry.maxAttempt: Unknown field 'maxAttempt'. Did you mean 'maxAttempts'?",
    ],
    [{ id: 'c', type: 'condition', if: 'true', then: [] }, 'steps[0].then: This must have at least 1 item.'],
    [
      { id: 'c', type: 'condition', if: 'true', then: [{ ...call, tol: 1 }] },
      "steps[0].then[0].tol: Unknown field 'tol'. Did you mean 'tool'?",
    ],
  ])('%j', (step, expected) => {
    expect(problemsOf(step).join('\n')).toContain(expected);
  });

  test.each([
    ['a second line', 'Ping\nBcc: x@y.example', 'A name must be one line'],
    ['a control character', 'Ping\u001B[31m', 'A name must be one line'],
    ['spaces only', '   ', 'A name must contain a visible character.'],
    ['invisible characters only', '\u200B\u2060', 'A name must contain a visible character.'],
    ['10,000 characters', 'x'.repeat(10_000), 'This must have at most 200 characters.'],
  ])('a name of %s', (_, name, expected) => {
    expect(problemsOf({ ...call, name }).join('\n')).toContain(`steps[0].name: ${expected}`);
    const problems = schemaProblems(schema, { id: 'p', name, steps: [call] });
    expect(problems.map(({ message }) => message).join()).toContain(expected);
  });

  test('a name of emoji, from right to left, or with joiners is none of it', () => {
    expect(problemsOf({ ...call, name: '👩‍👩‍👧‍👦 שלום עולם \u200E– नमस्\u200Dते' })).toEqual([]);
    expect(problemsOf({ ...call, name: '🔗' })).toEqual([]);
  });

  test('all problems come at once', () => {
    expect(problemsOf({ ...call, type: 'cal' }, { ...tell, chanels: 1, priority: 'x', copies: true })).toHaveLength(4);
  });

  test('a playbook without steps, or with fields that there are not', () => {
    expect(schemaProblems(schema, { id: 'p', name: '', stpes: [], steps: [] })).toMatchObject([
      { path: ['name'] },
      { path: ['steps'], message: 'This must have at least 1 item.' },
      { path: ['stpes'], at: 'key', suggestion: "Did you mean 'steps'?" },
    ]);
  });
});

describe('the JSON Schema for editors', () => {
  const json = JSON.stringify(playbookJsonSchema(smallStepTypes));

  test('it is draft-07 and knows every step type and every field', () => {
    expect(json).toContain('http://json-schema.org/draft-07/schema#');
    for (const { type } of smallStepTypes) expect(json).toContain(`"const":"${type}"`);
    for (const field of ['onFailure', 'criteria', 'channels', 'assignee']) expect(json).toContain(`"${field}"`);
  });

  test('nested steps refer to the same steps', () => {
    expect(json).toMatch(/"then":\{.*?"\$ref":/);
  });

  test('a field of another type than text may be a template', () => {
    expect(json).toMatch(
      /"copies":\{"anyOf":\[\{"type":"integer"[^[]*\},\{"type":"string","pattern":"\\\\\$\\\\\{\\\\\{"\}\]\}/,
    );
  });
});
