import { expect, test } from 'vitest';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { formatProblem } from './source.ts';

test('the playbooks, agents and settings of this project have no problems', async () => {
  const { problems, playbooks, agents } = await projectDefinitions();
  expect(problems.map(formatProblem)).toEqual([]);
  expect(playbooks.length).toBeGreaterThan(0);
  expect(agents.length).toBeGreaterThan(0);
});
