import { z } from 'zod';
import { ActionItem } from '#agents/figures/answer.ts';
import { NO_MODEL, writePlainReport } from '#agents/plain/plain-author.ts';
import { writeReport, type ReportOrder } from '#agents/write-report.ts';
import { JsonValue } from '#core/json.ts';
import { redactor } from '#core/redact/redact.ts';
import type { Ports } from '#ports/ports.ts';
import { authored } from './report/authorship.ts';
import { figuresOutput, readData } from './report/report-fields.ts';
import { defineStep } from './definition/define-step.ts';

const fields = {
  instructions: z.string().min(1).max(20_000).describe('What the report should say, in words.'),
  with: z.record(z.string(), JsonValue).default({}).describe('The data for the report.'),
  agent: z.string().min(1).max(64).optional().describe('The agent whose voice and model to use.'),
};

const output = z.strictObject({
  title: z.string(),
  markdown: z.string(),
  actionItems: z.array(ActionItem),
  ...figuresOutput,
});

/** Has a report written from data, without tools; every figure in it can be traced to the data. */
export const synthesize = defineStep({
  type: 'synthesize',
  summary: 'Writes a report from data; every figure in it can be traced to the data.',
  fields,
  output,
  example: {
    id: 'report',
    type: 'synthesize',
    instructions: 'Write the daily report, the most important first, with prioritised action items.',
    with: { health: '${{ steps.health.output }}', stats: '${{ steps.stats.output }}' },
  },
  defaultTimeoutMs: 180_000,
  names: { agent: 'agent' },
  readAs: {
    input: [
      { as: 'facts', fields: { Agent: 'agent' } },
      { as: 'text', label: 'Instructions', field: 'instructions' },
      { as: 'data', field: 'with' },
    ],
    output: { as: 'report', title: 'title', text: 'markdown', model: 'model', reason: 'reason' },
  },
  effect: () => 'none',
  outsideEffects: () => ['Model calls for a report'],
  async run({ instructions, with: given, agent }, context, ports) {
    const redact = redactor(() => ports.secrets.known());
    const data = readData(given, redact);
    const { text, degraded, reason } = await authored(
      {
        withModel: async (world) =>
          writeReport({ ...(await authorOf(agent, ports)), instructions: redact.text(instructions), data }, world),
        plainly: (because) => ({
          ...writePlainReport({ title: context.playbookName, because, data }),
          model: NO_MODEL,
          figures: [],
        }),
      },
      context,
      ports,
    );
    return { ...text, figures: [...text.figures], degraded, reason };
  },
});

/** An agent as author, or the default author with the model that `models.yaml` names for reports. */
async function authorOf(agentId: string | undefined, ports: Ports): Promise<Pick<ReportOrder, 'author' | 'model'>> {
  if (agentId !== undefined) {
    const agent = await ports.settings.agent(agentId);
    return { author: agent, model: agent.model };
  }
  const { author } = await ports.settings.models();
  const instructions =
    'You write short, exact reports for busy people: the most important first, then what to do about it.';
  return { author: { name: 'the editor', role: 'who writes the reports', instructions }, model: author };
}
