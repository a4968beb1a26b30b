import { describe, expect, test } from 'vitest';
import { evaluateCriteria } from './criteria.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';

const expressions = await loadExpressions();
const latency = { id: 'latency', value: 'steps.a.output.slowestMs', ok: 'value < 500', alert: 'value > 2000' };

function measure(
  output: Json,
  criterion: typeof latency & { readonly name?: string; readonly unit?: string } = latency,
) {
  const [result] = evaluateCriteria([criterion], { steps: { a: { output } } }, expressions);
  return result;
}

describe('bands', () => {
  test.each([
    [499, 'ok'],
    [500, 'warn'],
    [2000, 'warn'],
    [2001, 'alert'],
  ])('%d is %s', (slowestMs, band) => {
    expect(measure({ slowestMs })).toEqual({ id: 'latency', value: slowestMs, band });
  });

  test('alert wins over ok', () => {
    expect(measure({ slowestMs: 1 }, { ...latency, ok: 'true', alert: 'value == 1' })?.band).toBe('alert');
  });

  test('name and unit are kept', () => {
    expect(measure({ slowestMs: 1 }, { ...latency, name: 'Latency', unit: 'ms' })).toEqual({
      id: 'latency',
      name: 'Latency',
      unit: 'ms',
      value: 1,
      band: 'ok',
    });
  });

  test('a measured list is kept as its length only', () => {
    const offline = { ...latency, value: 'steps.a.output', ok: 'size(value) == 0', alert: 'size(value) > 0' };
    expect(measure(['gmail'], offline)).toMatchObject({ value: 'a list of 1', band: 'alert' });
  });
});

describe('unknown', () => {
  test.each([
    ['no value', { slowestMs: null }, latency, 'has no value'],
    ['a field that is not there', {}, latency, "no field 'slowestMs'"],
    ['a step that was skipped', null, latency, "no field 'slowestMs'"],
    ['a value of another type', { slowestMs: 'fast' }, latency, 'does not work on'],
    ['a division by zero', { slowestMs: 0 }, { ...latency, value: '1 / steps.a.output.slowestMs' }, 'division by zero'],
    ['a band that is not true or false', { slowestMs: 7 }, { ...latency, ok: 'value' }, 'must be true or false'],
    ['a band that cannot be read', { slowestMs: 7 }, { ...latency, alert: 'value >' }, 'cannot be parsed'],
  ])('%s has a reason', (_, output, criterion, reason) => {
    const result = measure(output, criterion);
    expect(result?.band).toBe('unknown');
    expect(result?.reason).toContain(reason);
  });

  test('what is not a failing expression is thrown on', () => {
    const broken = {
      evaluate: () => {
        throw new PlaybookError('internal', 'A bug.');
      },
      isTrue: () => true,
    };
    expect(() => evaluateCriteria([latency], {}, broken)).toThrow('A bug.');
  });
});
