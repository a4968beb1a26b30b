import { describe, expect, test } from 'vitest';
import { lintedSteps as lint, smallCatalog } from '#testing/builders/small-catalog.ts';

const ping = { id: 'a', type: 'tool_call', tool: 'ping' };
const tell = { id: 'tell', type: 'notify', channels: ['slack'], subject: 'S', body: 'B' };

describe('the output of a step whose tool says what it returns', () => {
  const stats = { id: 's', type: 'tool_call', tool: 'getStats', with: { since: 'x' } };
  const reading = (source: string) => lint([stats, { ...tell, body: `\${{ string(${source}) }}` }]);

  test.each([
    's.output.mrr',
    's.output.offline[0].name',
    's.output.quota.share',
    's.output.byKey.anything',
    's.output.open.anything',
    's.output.offline.map(o, o.nmae)[0]',
    's.output',
  ])('steps.%s may be there', (path) => {
    expect(reading(`steps.${path}`)).toEqual([]);
  });

  test.each([
    ['s.output.offlin', "`steps.s.output` has no field 'offlin'. Did you mean 'offline'?"],
    ['s.output.offline[0].nmae', "`steps.s.output.offline` has no field 'nmae'. Did you mean 'name'?"],
    ['s.output.quota.shaer', "`steps.s.output.quota` has no field 'shaer'. Did you mean 'share'?"],
    ['s.output.offline.length', 'Write size(steps.s.output.offline)'],
  ])('steps.%s is never there', (path, expected) => {
    expect(reading(`steps.${path}`).join('\n')).toContain(expected);
  });
});

describe('what steps name', () => {
  test.each([
    ['an unknown tool', { ...ping, tool: 'pign' }, "steps[0].tool: Unknown tool 'pign'. Did you mean 'ping'?"],
    [
      'an unknown agent',
      { id: 'd', type: 'delegate', agent: 'linsu', task: 'T' },
      "steps[0].agent: Unknown agent 'linsu'. Did you mean 'linus'?",
    ],
    [
      'an unknown channel',
      { ...tell, channels: ['slack', 'emial'] },
      "steps[0].channels[1]: Unknown channel 'emial'. Did you mean 'email'?",
    ],
    ['a mail to nobody', { ...tell, channels: ['slack', 'email'] }, 'steps[0].to: email requires recipients'],
    ['a mail to an empty list', { ...tell, channels: ['email'], to: [] }, 'steps[0].to: email requires recipients'],
    [
      'a name of ten thousand characters, which is shown in part',
      { ...ping, tool: 'g'.repeat(10_000) },
      `Unknown tool '${'g'.repeat(59)}…'.`,
    ],
    [
      'an address that brings a header along',
      { ...tell, to: ['eve@example.com\r\nBcc: x@y.example'] },
      "steps[0].to[0]: 'eve@example.com\\u000d\\u000aBcc: x@y.example' is not a mail address",
    ],
    [
      'an address with two @',
      { ...tell, to: ['a@b@example.org'] },
      "steps[0].to[0]: 'a@b@example.org' is not a mail address",
    ],
    ['an address without a host', { ...tell, to: ['ann@localhost'] }, "'ann@localhost' is not a mail address"],
    [
      'an unknown assignee',
      { id: 't', type: 'create_thread', assignee: 'boss', title: 'T' },
      "steps[0].assignee: Unknown role 'boss'.",
    ],
    [
      'an unknown role',
      { ...tell, to: ['operater'] },
      "steps[0].to[0]: Unknown role 'operater'. Did you mean 'operator'?",
    ],
    [
      'an address that is not an allowed recipient',
      { ...tell, to: ['eve@example.com'] },
      "steps[0].to[0]: 'eve@example.com' is not among the allowed recipients",
    ],
    [
      'an input that the tool does not know',
      { ...ping, with: { timeuotMs: 5 } },
      "steps[0].with.timeuotMs: ping: Unknown field 'timeuotMs'. Did you mean 'timeoutMs'?",
    ],
    [
      'an input of another type',
      { ...ping, with: { groups: ['a', 5] } },
      'steps[0].with.groups[1]: ping: This must be a text',
    ],
    [
      'an input that is missing',
      { ...ping, tool: 'getStats' },
      "steps[0].with.since: getStats: The field 'since' is missing.",
    ],
  ])('%s', (_, step, expected) => {
    expect(lint([step]).join('\n')).toContain(expected);
  });

  test('addresses and domains of the allow-list, roles, and templates pass', () => {
    const to = ['Ann@Example.com', 'bob@example.org', 'operator', '${{ now }}'];
    expect(
      lint([
        { ...tell, to },
        { ...ping, tool: '${{ now }}' },
        { ...ping, id: 'b', with: { timeoutMs: '${{ size(now) }}' } },
      ]),
    ).toEqual([]);
  });

  test('without an allow-list every address passes', () => {
    expect(lint([{ ...tell, to: ['eve@example.com'] }], {}, { ...smallCatalog, allowedRecipients: [] })).toEqual([]);
  });

  test('a mail whose recipients are filled in passes', () => {
    expect(lint([{ ...tell, channels: ['email'], to: '${{ trigger.kind }}' }])).toEqual([]);
  });

  test('alerts of the playbook are checked like a step', () => {
    expect(lint([ping], { alerts: { channels: ['email'] } })).toEqual([
      "alerts.to: email requires recipients. Name roles or addresses in 'to'.",
    ]);
    expect(lint([ping], { alerts: { channels: ['sms'], to: ['nobody'] } })).toEqual([
      "alerts.channels[0]: Unknown channel 'sms'. There are 'email', 'slack'.",
      "alerts.to[0]: Unknown role 'nobody'. There are 'operator', 'reports'.",
    ]);
  });
});
