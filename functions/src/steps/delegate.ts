import { z } from 'zod';
import { ActionItem, Finding } from '#agents/figures/answer.ts';
import { NO_MODEL, writePlainAnswer } from '#agents/plain/plain-author.ts';
import { runAgent } from '#agents/run-agent.ts';
import type { ToolCall } from '#language/playbook/step-calls.ts';
import { writtenWords } from '#language/playbook/written-words.ts';
import { JsonValue } from '#core/json.ts';
import { redactor } from '#core/redact/redact.ts';
import { toolNamed } from '#tools/tool.ts';
import { agentTools } from './report/agent-tools.ts';
import { authored } from './report/authorship.ts';
import { figuresOutput, readData } from './report/report-fields.ts';
import { defineStep } from './definition/define-step.ts';

const fields = {
  agent: z.string().min(1).max(64).describe('The agent: the id of its file.'),
  task: z.string().min(1).max(20_000).describe('The task, in words.'),
  with: z.record(z.string(), JsonValue).default({}).describe('The data to work on.'),
};

const output = z.strictObject({
  /** Markdown. */
  report: z.string(),
  findings: z.array(Finding),
  actionItems: z.array(ActionItem),
  turns: z.number().int(),
  toolCalls: z.array(z.strictObject({ tool: z.string(), status: z.enum(['succeeded', 'failed']) })),
  ...figuresOutput,
});

/** Gives a task to an agent, which can use its own tools within its budget. */
export const delegate = defineStep({
  type: 'delegate',
  summary: 'Gives a task to an agent, which can use its own tools within its budget, and records its report.',
  fields,
  output,
  example: {
    id: 'investigate',
    type: 'delegate',
    agent: 'linus',
    task: 'Find out why these integrations are offline.',
    with: { offline: '${{ steps.integrations.output.offline }}' },
  },
  defaultTimeoutMs: 300_000,
  names: { agent: 'agent' },
  readAs: {
    input: [
      { as: 'facts', fields: { Agent: 'agent' } },
      { as: 'text', label: 'Task', field: 'task' },
      { as: 'data', field: 'with' },
    ],
    output: { as: 'report', text: 'report', model: 'model', reason: 'reason' },
  },
  effect: () => 'none',
  outsideEffects({ agent }) {
    return [`Model calls as the agent ${typeof agent === 'string' ? writtenWords(agent) : 'that an expression names'}`];
  },
  async run({ agent: agentId, task, with: given }, context, ports) {
    const agent = await ports.settings.agent(agentId);
    const tools = agentTools(
      agent.tools.map((name) => toolNamed(ports.tools, name)),
      context,
      ports,
    );
    const redact = redactor(() => ports.secrets.known());
    const data = readData(given, redact);
    const calls: ToolCall[] = [];
    const { text, degraded, reason } = await authored(
      {
        withModel: (world) =>
          runAgent(
            { agent, task: redact.text(task), data, tools },
            {
              ...world,
              recordToolCall(call) {
                calls.push(call);
                world.recordToolCall(call);
              },
            },
          ),
        plainly: (because) => ({
          ...writePlainAnswer({ title: `${agent.name}, ${agent.role}`, because, data }),
          model: NO_MODEL,
          turns: 0,
          figures: [],
        }),
      },
      context,
      ports,
    );
    const figures = [...text.figures];
    return { ...text, figures, toolCalls: calls.map(({ tool, status }) => ({ tool, status })), degraded, reason };
  },
});
