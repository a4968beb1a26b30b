import { describe, expect, test } from 'vitest';
import { smallCatalog, lintedSteps } from '#testing/builders/small-catalog.ts';
import { forEach, parallel } from '#testing/builders/waiting-steps.ts';

const catalog = { ...smallCatalog, stepTypes: [...smallCatalog.stepTypes, parallel, forEach] };
const linted = (steps: readonly object[], more: object = {}) => lintedSteps(steps, more, catalog);
const ping = (id: string, condition?: string) => ({
  id,
  type: 'tool_call',
  tool: 'ping',
  ...(condition !== undefined && { if: condition }),
});
const ran = (id: string): string => `steps.${id}.status == 'succeeded'`;

describe('a step in a branch', () => {
  test('reads what stands above, earlier steps of its branch, and is read after the branches', () => {
    const all = {
      id: 'all',
      type: 'parallel',
      a: [ping('one', ran('first')), ping('two', ran('one'))],
      b: [ping('three')],
    };
    expect(linted([ping('first'), all, ping('last', `${ran('two')} && ${ran('three')}`)])).toEqual([]);
  });

  test.each([
    ['a', 'one', 'two'],
    ['b', 'two', 'one'],
  ])('of %s cannot read another branch', (_, reader, read) => {
    const only = (id: string) => ping(id, id === reader ? ran(read) : undefined);
    const all = { id: 'all', type: 'parallel', a: [only('one')], b: [only('two')] };
    expect(linted([all])).toEqual([
      expect.stringContaining(`The step '${read}' runs beside this one, in another branch`),
    ]);
  });
});

describe('a step that runs for each item', () => {
  const each = (steps: readonly object[]) => ({ id: 'each', type: 'for_each', items: '[1, 2]', do: steps });

  test('reads its item, its number, and what stands above', () => {
    const steps = [ping('send', `item > 1 && index == 0 && ${ran('first')}`), ping('check', ran('send'))];
    expect(linted([ping('first'), each(steps)])).toEqual([]);
  });

  test('is not read from outside, not even by a criterion', () => {
    const outside = "The step 'send' runs once for each item, and can be read only by the steps of the same item.";
    const criterion = { id: 'sent', value: 'size(steps.send.status)', ok: 'value > 0', alert: 'value < 0' };
    expect(linted([each([ping('send')]), ping('last', ran('send'))], { criteria: [criterion] })).toEqual([
      expect.stringContaining(outside),
      expect.stringContaining(outside),
    ]);
  });

  test.each(['item', 'index'])('alone knows %s', (name) => {
    expect(linted([each([ping('send')]), ping('last', `${name} == 1`)])).toEqual([
      expect.stringContaining(`Unknown name '${name}'`),
    ]);
  });
});
