import { describe, expect, test } from 'vitest';
import type { ExecutionPage } from '#records/executions/list-executions.ts';
import { executionsCsv, executionsJson } from './export-executions.ts';

const endless: ExecutionPage = {
  executions: [],
  unreadable: [{ id: 'broken', problem: 'It is, damaged.' }],
  next: 'more',
  scannedUntil: new Date('2026-11-01T00:00:00.000Z'),
};

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('an export of a list that goes on and on', () => {
  test('ends after 200 pages, and its last line says so', async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return endless;
    };
    const text = await whole(executionsCsv(endless, load));
    expect(loads).toBe(199);
    expect(text.trimEnd().split('\r\n').at(-1)).toContain('This export stops after 10,000 executions');
    expect(text).toContain('back to 2026-11-01T00:00:00.000Z');
    expect(text).toContain('broken,,,unreadable');
  });

  test('is not complete as JSON, and says why', async () => {
    const text = await whole(executionsJson(endless, async () => endless));
    expect(JSON.parse(text)).toMatchObject({ complete: false, executions: [], unreadable: { length: 200 } });
  });
});
