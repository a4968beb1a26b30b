import { expect, test } from 'vitest';
import { condition } from '#steps/condition.ts';
import { aPlaybook, scripted } from '#testing/builders/engine-world.ts';
import { namedAgents } from './named-agents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { DescribedStepType } from '#language/playbook/step-type.ts';

const types = new Map<string, DescribedStepType>(
  [
    condition,
    scripted('asks', () => null, { names: { agent: 'agent' } }),
    scripted('compares', () => null, { names: { agent: 'judges' } }),
    scripted('plain', () => null),
  ].map((stepType) => [stepType.type, stepType]),
);

test('a playbook names the agents in the fields that its step types say, each once, but none by an expression', () => {
  const playbook = Playbook.parse(
    aPlaybook([
      { id: 'a', type: 'asks', agent: 'linus' },
      {
        id: 'b',
        type: 'condition',
        if: 'true',
        then: [{ id: 'c', type: 'asks', agent: 'leo' }],
        else: [{ id: 'd', type: 'asks', agent: 'linus' }],
      },
      { id: 'e', type: 'asks', agent: '${{ inputs.who }}' },
      { id: 'f', type: 'asks', agent: 7 },
      { id: 'g', type: 'compares', judges: ['leo', 'pops'] },
      { id: 'h', type: 'plain', agent: 'nobody' },
    ]),
  );

  expect(namedAgents(playbook, types)).toEqual(['linus', 'leo', 'pops']);
});

test('a playbook whose nested steps cannot be read names none', () => {
  const playbook = Playbook.parse(
    aPlaybook([
      { id: 'a', type: 'asks', agent: 'linus' },
      { id: 'b', type: 'condition', if: 'true', then: 'nothing' },
    ]),
  );

  expect(namedAgents(playbook, types)).toEqual([]);
});
