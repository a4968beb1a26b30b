import { isJsonObject, JsonValue, type Json, type JsonObject } from '#core/json.ts';
import { type LintProblem, valueAt } from '../playbook/definition-problem.ts';
import { Alerts, commonStepFields, Criterion, Playbook, playbookFields, Schedule, Step } from '../playbook/playbook.ts';
import { PlaybookInput } from '../playbook/playbook-input.ts';
import { Identifier } from '../playbook/field-schemas.ts';
import type { StepTypeShape } from '../playbook/playbook-schema.ts';

/** The readable part of a playbook: for checking only, never for running. */
export interface LintablePlaybook {
  readonly playbook: Playbook;
  /** The problems found in it, without those that are mere consequences of unreadable parts. */
  ownProblems(found: readonly LintProblem[]): readonly LintProblem[];
}

/** Replaces an unreadable text: the value of a template is unknown, so checks accept it. */
const ANY_TEXT = '${{ now }}';
/** A zone that no playbook name contradicts. */
const ANY_ZONE = 'America/New_York';
const PLACEHOLDER = 'unreadable';

/**
 * The playbook without the parts that its schema refuses, or with replacements for required ones, so that the rest is
 * checked too and all problems of a file are reported at once; `undefined` if it is not a map. Paths are still those of
 * the file.
 */
export function lintablePlaybook(value: unknown, stepTypes: readonly StepTypeShape[]): LintablePlaybook | undefined {
  const fields = jsonFields(value);
  if (fields === undefined) return undefined;
  const reading: Reading = { types: new Map(stepTypes.map((type) => [type.type, type])), lost: [], count: 0 };
  const read = Playbook.safeParse({
    ...fittingFields(fields, playbookFields),
    id: fitting(Identifier, fields['id'], PLACEHOLDER),
    name: fitting(playbookFields.name, fields['name'], PLACEHOLDER),
    schedule: scheduleOf(fields['schedule']),
    alerts: alertsOf(fields['alerts']),
    inputs: inputsOf(fields['inputs'], reading),
    criteria: criteriaOf(fields['criteria'], reading),
    steps: stepsOf(fields['steps'], reading),
  });
  if (!read.success) return undefined;
  return {
    playbook: read.data,
    ownProblems(found) {
      return found.filter(({ path }) => !isConsequence(valueAt(value, path), reading)).map(withoutPlaceholders);
    },
  };
}

function isConsequence(written: unknown, { lost }: Reading): boolean {
  return typeof written === 'string' && lost.some((name) => mentions(written, name));
}

/** Placeholders for unreadable parts are not names from the file. */
function withoutPlaceholders(problem: LintProblem): LintProblem {
  if (problem.suggestion?.includes(PLACEHOLDER) !== true) return problem;
  const { suggestion: _, ...rest } = problem;
  return rest;
}

/**
 * Names that cannot be resolved because they could not be read: `steps.fetch-all`, or `steps.` if no step could be
 * read.
 */
interface Reading {
  readonly types: ReadonlyMap<string, StepTypeShape>;
  readonly lost: string[];
  count: number;
}

function mentions(written: string, name: string): boolean {
  return written.includes(name) || (name.startsWith('steps.') && written === name.slice('steps.'.length));
}

/** The fields of a map that are JSON: `.nan` and the like were already reported. */
function jsonFields(value: unknown): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    const read = JsonValue.safeParse(item);
    return read.success ? [[name, read.data]] : [];
  });
  return Object.fromEntries(fields);
}

interface Reader {
  safeParse(value: unknown): { readonly success: boolean };
}

function fits(schema: Reader, value: Json | undefined): boolean {
  return schema.safeParse(value).success;
}

function fitting(schema: Reader, value: Json | undefined, otherwise: Json): Json {
  return value !== undefined && fits(schema, value) ? value : otherwise;
}

/** The known fields that are valid. */
function fittingFields(value: JsonObject, schemas: Readonly<Record<string, Reader>>): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([name, item]) => {
      const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      return schema !== undefined && fits(schema, item);
    }),
  );
}

function scheduleOf(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || !isJsonObject(value)) return undefined;
  return {
    cron: fitting(Schedule.shape.cron, value['cron'], '0 9 * * *'),
    timeZone: fitting(Schedule.shape.timeZone, value['timeZone'], ANY_ZONE),
  };
}

function alertsOf(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || !isJsonObject(value)) return undefined;
  const texts = (list: Json | undefined): Json[] | undefined =>
    Array.isArray(list) ? list.map((item: Json) => (typeof item === 'string' ? item : ANY_TEXT)) : undefined;
  const to = texts(value['to']);
  const channels = texts(value['channels']) ?? [];
  const read = { channels: channels.length === 0 ? [ANY_TEXT] : channels, ...(to === undefined ? {} : { to }) };
  return fits(Alerts, read) ? read : undefined;
}

function inputsOf(value: Json | undefined, { lost }: Reading): JsonObject | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) {
    lost.push('inputs.');
    return undefined;
  }
  const readable = Object.entries(value).filter(([name, input]) => {
    const isReadable = fits(Identifier, name) && fits(PlaybookInput, input);
    if (!isReadable) lost.push(`inputs.${name}`);
    return isReadable;
  });
  const inputs = Object.fromEntries(readable);
  return fits(playbookFields.inputs, inputs) ? inputs : undefined;
}

function criteriaOf(value: Json | undefined, reading: Reading): JsonObject[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((item: Json) => {
    const fields = isJsonObject(item) ? item : {};
    return {
      id: fitting(Identifier, fields['id'], nextId(reading)),
      value: fitting(Criterion.shape.value, fields['value'], '0'),
      ok: fitting(Criterion.shape.ok, fields['ok'], 'true'),
      alert: fitting(Criterion.shape.alert, fields['alert'], 'false'),
    };
  });
}

function stepsOf(value: Json | undefined, reading: Reading): JsonObject[] {
  const steps = Array.isArray(value) ? value.map((item: Json) => stepOf(item, reading)) : [];
  if (steps.length > 0) return steps;
  reading.lost.push('steps.');
  return [{ id: nextId(reading), type: PLACEHOLDER }];
}

function stepOf(value: Json, reading: Reading): JsonObject {
  const fields = isJsonObject(value) ? value : {};
  const id = fitting(Identifier, fields['id'], nextId(reading));
  if (typeof fields['id'] === 'string' && id !== fields['id']) reading.lost.push(`steps.${fields['id']}`);
  const type = fitting(Step.shape.type, fields['type'], PLACEHOLDER);
  const shape = typeof type === 'string' ? reading.types.get(type) : undefined;
  const common = fittingFields(fields, commonStepFields);
  const own = Object.entries(fields)
    .filter(([name]) => !Object.hasOwn(commonStepFields, name))
    .map(([name, item]): [string, Json] => [name, shape?.kind === 'control' ? blockOf(item, reading) : item]);
  return { ...Object.fromEntries(own), ...common, id, type };
}

/** The blocks of a control step contain steps. */
function blockOf(value: Json, reading: Reading): Json {
  return Array.isArray(value) ? value.map((item: Json) => stepOf(item, reading)) : value;
}

function nextId(reading: Reading): string {
  reading.count += 1;
  return `${PLACEHOLDER}_${reading.count}`;
}
