import { z } from 'zod';
import { wordsOfIssues } from '#core/issues-in-words.ts';
import { JsonValue, type Json, type JsonObject } from '#core/json.ts';

/** Text of a bounded length. A refinement, because models' schemas for answers know no bounds: they are checked here. */
function text(maxLength: number, what: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', `${what} must not be empty`)
    .refine((value) => value.length <= maxLength, `${what} must have at most ${maxLength} characters`);
}

function listOf<Item extends z.ZodType>(item: Item, maxItems: number, what: string) {
  return z.array(item).refine((items) => items.length <= maxItems, `there may be at most ${maxItems} ${what}`);
}

/** Something that somebody should do. */
export const ActionItem = z.strictObject({
  title: text(200, 'a title'),
  owner: text(100, 'an owner').exactOptional(),
  priority: z.enum(['low', 'normal', 'high']),
  reason: text(1_000, 'a reason'),
});
export type ActionItem = z.infer<typeof ActionItem>;

/** Something that was found out. */
export const Finding = z.strictObject({
  title: text(200, 'a title'),
  detail: text(4_000, 'a detail'),
  severity: z.enum(['info', 'warning', 'critical']),
});
export type Finding = z.infer<typeof Finding>;

/** What an agent answers to an assignment. `report` is Markdown. */
export const AgentAnswer = z.strictObject({
  report: text(20_000, 'the report'),
  findings: listOf(Finding, 50, 'findings'),
  actionItems: listOf(ActionItem, 30, 'action items'),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

/** What an author answers who is asked for a report. */
export const WrittenReport = z.strictObject({
  title: text(200, 'the title'),
  markdown: text(20_000, 'the report'),
  actionItems: listOf(ActionItem, 30, 'action items'),
});
export type WrittenReport = z.infer<typeof WrittenReport>;

/** The JSON Schema that a model is asked to keep to. */
export function answerSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io: 'output' });
  return z.record(z.string(), JsonValue).parse(body);
}

/** An answer as checked data, or what is wrong with it in sentences that a model can act on. */
export type ReadAnswer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a model's text as JSON of a schema; a code fence around it is forgiven, nothing else is. */
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
