import { expect, test } from 'vitest';
import { condition } from '#steps/condition.ts';
import { aPlaybook } from '#testing/builders/engine-world.ts';
import { namedAgents } from './named-agents.ts';
import { Playbook } from '#language/playbook/playbook.ts';

const types = new Map([[condition.type, condition]]);

test('a playbook names the agents of all its steps, each once, but none by an expression', () => {
  const playbook = Playbook.parse(
    aPlaybook([
      { id: 'a', type: 'delegate', agent: 'linus' },
      {
        id: 'b',
        type: 'condition',
        if: 'true',
        then: [{ id: 'c', type: 'delegate', agent: 'leo' }],
        else: [{ id: 'd', type: 'synthesize', agent: 'linus' }],
      },
      { id: 'e', type: 'delegate', agent: '${{ inputs.who }}' },
      { id: 'f', type: 'delegate', agent: 7 },
    ]),
  );

  expect(namedAgents(playbook, types)).toEqual(['linus', 'leo']);
});

test('a playbook whose nested steps cannot be read names none', () => {
  const playbook = Playbook.parse(
    aPlaybook([
      { id: 'a', type: 'delegate', agent: 'linus' },
      { id: 'b', type: 'condition', if: 'true', then: 'nothing' },
    ]),
  );

  expect(namedAgents(playbook, types)).toEqual([]);
});
