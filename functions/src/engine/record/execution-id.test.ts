import { expect, test } from 'vitest';
import { manualExecutionId, slotExecutionId } from './execution-id.ts';

test('a slot has the same id no matter who delivers it, to the second', () => {
  expect(slotExecutionId('ops_check', new Date('2026-11-20T14:00:00.999Z'))).toBe('ops_check_20261120T140000Z');
});

test('a manual start has the id of its request, which is that of no slot', () => {
  expect(manualExecutionId('ops_check', '20261120T140000Z')).toBe('ops_check_manual_20261120T140000Z');
});
