import { Agent } from '#language/settings/agent.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { LanguageModel } from '#ports/language-model.ts';
import { channels } from '#channels/index.ts';
import type { StepPorts } from '#steps/definition/define-step.ts';
import { tools } from '#tools/index.ts';
import { fakeClock } from './fake-clock.ts';

/** The implementations of ports that a step's test provides; all others throw. */
export interface StepWorld {
  readonly documents?: Documents;
  readonly model?: LanguageModel;
  readonly secrets?: readonly string[];
  readonly agentTools?: readonly string[];
}

/** The ports of a small team: two people, one agent, one model with a known price. */
export function stepPorts({ documents, model, secrets = [], agentTools = [] }: StepWorld = {}): StepPorts {
  const none = (port: string) => (): never => {
    throw new PlaybookError('internal', `This test has no ${port}.`);
  };
  return {
    tools,
    channels,
    clock: fakeClock(),
    documents: documents ?? {
      get: none('documents'), commit: none('documents'), query: none('documents'), aggregate: none('documents'),
      watch: none('documents'), close: none('documents'),
    }, // prettier-ignore
    http: { send: none('HTTP') },
    secrets: { get: async () => undefined, known: () => secrets },
    settings: {
      people: async () => ({
        roles: { operator: ['martez@bakedbot.ai'], reports: ['martez@bakedbot.ai', 'rishabh@bakedbot.ai'] },
        allowedRecipients: ['@bakedbot.ai'],
        allowedLinkHosts: [],
        sender: { email: 'playbooks@bakedbot.ai', name: 'Operations' },
      }),
      platform: none('platform'),
      integrations: none('integrations'),
      models: async () => ({
        asOf: '2026-10-31',
        author: 'claude-sonnet-5-5',
        models: { 'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 } },
      }),
      agent: async (id) => {
        if (id !== 'leo') throw new PlaybookError('unknown_agent', `There is no agent '${id}'.`);
        return Agent.parse({
          id,
          name: 'Leo',
          role: 'the COO',
          instructions: 'Keep it running.',
          model: 'claude-sonnet-5-5',
          tools: agentTools,
        });
      },
    },
    model: async () => model,
    mailer: async () => undefined,
    chat: async () => undefined,
  };
}
