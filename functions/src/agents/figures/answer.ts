import { z } from 'zod';
import { wordsOfIssues } from '#core/issues-in-words.ts';
import { JsonValue, type Json, type JsonObject } from '#core/json.ts';

/**
 * Text of limited length. A refinement, because answer schemas of models do not support limits: they are checked here.
 */
function text(maxLength: number, what: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', `${what} must not be empty`)
    .refine((value) => value.length <= maxLength, `${what} must have at most ${maxLength} characters`);
}

function listOf<Item extends z.ZodType>(item: Item, maxItems: number, what: string) {
  return z.array(item).refine((items) => items.length <= maxItems, `there may be at most ${maxItems} ${what}`);
}

/** Something a person should do. */
export const ActionItem = z.strictObject({
  title: text(200, 'a title'),
  owner: text(100, 'an owner').exactOptional(),
  priority: z.enum(['low', 'normal', 'high']),
  reason: text(1_000, 'a reason'),
});
export type ActionItem = z.infer<typeof ActionItem>;

/** Something an agent found out. */
export const Finding = z.strictObject({
  title: text(200, 'a title'),
  detail: text(4_000, 'a detail'),
  severity: z.enum(['info', 'warning', 'critical']),
});
export type Finding = z.infer<typeof Finding>;

/** An agent's answer to an assignment. `report` is Markdown. */
export const AgentAnswer = z.strictObject({
  report: text(20_000, 'the report'),
  findings: listOf(Finding, 50, 'findings'),
  actionItems: listOf(ActionItem, 30, 'action items'),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

/** An author's answer to a request for a report. */
export const WrittenReport = z.strictObject({
  title: text(200, 'the title'),
  markdown: text(20_000, 'the report'),
  actionItems: listOf(ActionItem, 30, 'action items'),
});
export type WrittenReport = z.infer<typeof WrittenReport>;

/** The JSON Schema that a model's answer must follow. */
export function answerSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io: 'output' });
  return z.record(z.string(), JsonValue).parse(body);
}

/** An answer as checked data, or its problems as sentences that a model can act on. */
export type ReadAnswer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: readonly string[] };

/** Parses a model's text as JSON of a schema; tolerates a code fence around it and nothing else. */
export function readAnswer<Value>(written: string, schema: z.ZodType<Value>): ReadAnswer<Value> {
  const json = /^\s*```(?:json)?\s*\n(.*?)\n?```\s*$/s.exec(written)?.[1] ?? written;
  let value: Json;
  try {
    value = JsonValue.parse(JSON.parse(json));
  } catch {
    return { ok: false, problems: ['The answer is not JSON. Answer with one JSON object and nothing else.'] };
  }
  return checkAnswer(value, schema);
}

/** Checks JSON against the schema of an answer. */
export function checkAnswer<Value>(json: Json, schema: z.ZodType<Value>): ReadAnswer<Value> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: wordsOfIssues(parsed.error, 'The answer').map((problem) => `${problem}.`),
  };
}
