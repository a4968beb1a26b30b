import { join } from 'node:path';
import { expect, test } from 'vitest';
import { channels } from '../channels/index.ts';
import { stepTypesForChecking } from '../steps/index.ts';
import { tools } from '../tools/index.ts';
import { loadDefinitions } from './load-directory.ts';
import { formatProblem } from './source.ts';

test('the playbooks, agents and settings of this project have no problems', async () => {
  const directory = join(import.meta.dirname, '../../../playbooks');
  const { problems, playbooks, agents } = await loadDefinitions({
    playbooksDir: directory,
    settingsDir: directory,
    stepTypes: stepTypesForChecking,
    tools,
    channelNames: channels.map(({ name }) => name),
  });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(playbooks.length).toBeGreaterThan(0);
  expect(agents.length).toBeGreaterThan(0);
});
