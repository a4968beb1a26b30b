import { JsonValue, isJsonObject, type JsonObject } from '#core/json.ts';
import { startClaudeServer, type ClaudeReply } from '#testing/servers/claude-server.ts';
import type { ClaudeRequest } from '#testing/servers/claude-request.ts';
import type { LocalServer } from '#testing/servers/local-server.ts';
import { writeAnswer } from './model-author.ts';
import { openRandom, seedOf } from '../company/random.ts';

/** What an agent asks its tools first, if it has one of these. Tools with an effect are never called. */
const QUESTIONS: Readonly<Record<string, JsonObject>> = {
  searchLogs: { severity: 'WARNING', limit: 20 },
  getSignupAnalytics: { days: 7 },
  getRevenueMetrics: {},
  getAtRiskCustomers: { loginDays: 14, campaignDays: 30, limit: 10 },
  getInactiveCustomers: { days: 7, limit: 10 },
};

/**
 * A local server that speaks Claude's API and answers from the data in each request, like a good model would. One of
 * ten conversations goes wrong, always the same ones, whatever was measured: the model refuses, is overloaded, or is
 * briefly overloaded.
 */
export async function startModelServer(): Promise<LocalServer> {
  const overloadedBefore = new Set<string>();
  return startClaudeServer({
    answer(request) {
      const opening = textOf(request.messages[0]);
      const turn = seedOf(occasionOf(opening));
      const luck = openRandom(turn).next();
      if (luck < 0.05) return { kind: 'refusal' };
      if (luck < 0.075) return { kind: 'overloaded' };
      if (luck < 0.1 && !overloadedBefore.has(opening)) {
        overloadedBefore.add(opening);
        return { kind: 'overloaded' };
      }
      return answerTo(request, opening, turn);
    },
  });
}

function answerTo(request: ClaudeRequest, opening: string, turn: number): ClaudeReply {
  const question = request.tools?.find(({ name }) => Object.hasOwn(QUESTIONS, name));
  if (question !== undefined && request.messages.length === 1) {
    return { kind: 'tool_use', name: question.name, input: QUESTIONS[question.name] ?? {} };
  }
  const asked = JSON.stringify(request.output_config?.format.schema ?? {}).includes('"markdown"') ? 'report' : 'answer';
  return { kind: 'text', text: JSON.stringify(writeAnswer(asked, dataIn(opening), turn)) };
}

function textOf(message: ClaudeRequest['messages'][number] | undefined): string {
  if (message === undefined) return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

/** What a prompt asks, and the hours that its data names: unlike latencies, these are the same in every run. */
function occasionOf(prompt: string): string {
  const hours = new Set(dataTextIn(prompt).match(/\d{4}-\d\d-\d\dT\d\d/g) ?? []);
  return [prompt.replace(DATA, ''), ...[...hours].toSorted()].join('\n');
}

const DATA = /<data>\n(.*?)\n<\/data>/s;

function dataTextIn(prompt: string): string {
  return DATA.exec(prompt)?.[1] ?? '{}';
}

/** The data in a prompt; none if it was cut. */
function dataIn(prompt: string): JsonObject {
  try {
    const data = JsonValue.parse(JSON.parse(dataTextIn(prompt)));
    return isJsonObject(data) ? data : {};
  } catch {
    return {};
  }
}
