import { describe, expect, test } from 'vitest';
import { Playbook } from '#language/playbook/playbook.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { catalog } from '#functions/catalog.ts';
import { outsideEffects } from './outside-effects.ts';

const ROLES = { reports: ['ann@example.com', 'bob@example.com'] };

function effectsOf(steps: readonly object[], more: object = {}): readonly string[] {
  const playbook = Playbook.parse({ id: 'ops_test', name: 'Test', steps, ...more });
  return outsideEffects(playbook, ROLES, catalog).map(({ words, when }) => `${words} | ${when}`);
}

describe('what a playbook does outside', () => {
  test('names who is told through which channel', () => {
    const mail = {
      id: 'mail',
      name: 'Tell them',
      type: 'notify',
      channels: ['email', 'slack', 'dashboard'],
      to: ['reports', 'carl@example.com', '${{ inputs.who }}'],
      subject: 's',
      body: 'b',
    };
    expect(effectsOf([mail])).toEqual([
      'A mail to reports (ann@example.com, bob@example.com), carl@example.com, (set by an expression) | In “Tell them”',
      'A Slack message | In “Tell them”',
      'A note in Notifications | In “Tell them”',
    ]);
  });

  test('says that it may happen for what depends on a condition', () => {
    const thread = { type: 'create_thread', kind: 'campaign', assignee: 'operator', title: 't', body: 'b' };
    const steps = [
      { id: 'if_any', type: 'condition', if: 'true', then: [{ id: 'ask', ...thread }], else: [] },
      { id: 'maybe', if: 'false', ...thread, kind: 'note' },
    ];
    expect(effectsOf(steps)).toEqual([
      'A thread (campaign) in the inbox for operator, waiting for approval | May happen in “ask”',
      'A thread (note) in the inbox for operator | May happen in “maybe”',
    ]);
  });

  test('names calls that change something, and leaves out what only reads', () => {
    const call = { type: 'tool_call', tool: 'httpRequest', with: { method: 'POST', url: 'https://api.example.com/x' } };
    const read = { id: 'read', type: 'tool_call', tool: 'getSystemHealth' };
    expect(effectsOf([read, { id: 'order', ...call }])).toEqual([
      'An HTTP call: POST https://api.example.com/x | In “order”',
    ]);
  });

  test('names model calls, alerts, and step types that it does not know', () => {
    const steps = [
      { id: 'think', type: 'delegate', agent: 'linus', task: 't' },
      { id: 'odd', type: 'teleport' },
    ];
    expect(effectsOf(steps, { alerts: { channels: ['slack'] } })).toEqual([
      'Model calls as the agent linus | In “think”',
      'The effect of a step of type teleport | In “odd”',
      'A Slack message | If it fails or a criterion is in its alert band',
    ]);
  });

  test('of nothing but reading is nothing', () => {
    expect(effectsOf([{ id: 'read', type: 'tool_call', tool: 'getSystemHealth' }])).toEqual([]);
  });

  test('can be said of every playbook of the project', async () => {
    for (const { playbook } of (await projectDefinitions()).playbooks) {
      expect(outsideEffects(playbook, ROLES, catalog).length).toBeGreaterThan(0);
    }
  });
});
