import { durationInWords } from '#core/duration.ts';
import type { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';
import { count, usd } from '#console/view/elements/figures.tsx';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Table } from '#console/view/elements/parts.tsx';
import { StatusBadge } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Said } from './said.tsx';

const MAX_CALLS = 50;
const MODEL_COLUMNS = ['Model', 'Tokens in', 'Tokens out', 'Cached', 'Cost', 'Duration', 'Stop reason'];

/** The newest 50 requests to language models, each with its tokens, cost and duration. */
export const ModelCalls = ({ calls }: { calls: readonly ModelCall[] }) => (
  <div class="stack">
    <h3>Model calls</h3>
    <Table
      label="Model calls"
      columns={MODEL_COLUMNS}
      rows={calls.slice(-MAX_CALLS).map((call, index) => ({
        key: `model-${index}`,
        cells: [
          <Text value={call.model} max={60} />,
          <span class="num">{count(call.inputTokens + call.cacheWriteTokens)}</span>,
          <span class="num">{count(call.outputTokens)}</span>,
          <span class="num">{count(call.cacheReadTokens)}</span>,
          <span class="num nowrap" title={`Prices as of ${call.pricesAsOf}`}>
            {usd(call.costUsd)}
          </span>,
          <span class="num nowrap">{durationInWords(call.durationMs)}</span>,
          <Text value={call.stopReason} max={40} />,
        ],
      }))}
    />
    <Left total={calls.length} />
  </div>
);

/** The newest 50 tool calls of an agent, each one click away. */
export const ToolCalls = ({ calls }: { calls: readonly ToolCall[] }) => (
  <div class="stack">
    <h3>Tool calls</h3>
    <ul class="calls">
      {calls.slice(-MAX_CALLS).map((call, index) => (
        <li>
          <details id={`tool-${index}`}>
            <summary>
              <StatusBadge status={call.status} /> <Text value={call.tool} max={60} />{' '}
              <span class="muted small figure">{durationInWords(call.durationMs)}</span>
            </summary>
            <div class="stack">
              <JsonView value={call.input} label={`Request to ${shownText(call.tool, 60)}`} />
              <div class="asked" tabindex={0} role="group" aria-label={`Response of ${shownText(call.tool, 60)}`}>
                <Said text={call.output} max={8_000} />
              </div>
            </div>
          </details>
        </li>
      ))}
    </ul>
    <Left total={calls.length} />
  </div>
);

const Left = ({ total }: { total: number }) =>
  total > MAX_CALLS ? (
    <p class="muted small">
      The newest {MAX_CALLS} of {total}. The JSON of the record has them all.
    </p>
  ) : null;
