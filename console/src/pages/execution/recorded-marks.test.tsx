import { describe, expect, test } from 'vitest';
import { aSucceededExecution } from '#testing/builders/an-execution.ts';
import { failedStep } from '#console/testing/store-execution.ts';
import { OffSchedule } from './off-schedule.tsx';
import { StepPanel } from './step-panel.tsx';
import { Timeline } from './timeline.tsx';

const STARTED = new Date('2026-11-20T13:00:00.000Z');
const TIME = { now: STARTED, timeZone: 'UTC' };
const FAILURE = { code: 'timeout', class: 'transient', message: 'Too slow.' } as const;
const html = (node: unknown): string => String(node);

describe('a record that says more than older ones', () => {
  const execution = aSucceededExecution(STARTED, { id: 'one' });
  const marked = { ...execution, offSchedule: true };
  const { attempts, spread: _, shortened: __, ...step } = failedStep('call', FAILURE, { attempts: 6 });
  const record = {
    ...step,
    attempts: attempts.flatMap((attempt) => (attempt.status === 'failed' ? [attempt] : [])),
    omitted: { count: 14, failed: 14, modelCalls: [] },
  };
  const row = { path: 'call', name: 'call', type: 'tool_call', depth: 0, record, step: undefined, readAs: {} };

  test('marks a slot at which its playbook was not due', () => {
    expect(html(<OffSchedule execution={marked} />)).toContain('does not include this slot');
    expect(html(<OffSchedule execution={execution} />)).not.toContain('due');
  });

  test('counts the attempts that it does not hold', () => {
    const panel = <StepPanel execution={execution} row={row} attempt={undefined} time={TIME} />;
    expect(html(panel)).toContain('14 more attempts between the first and the last are not in the record.');
    expect(html(<Timeline execution={execution} rows={[row]} selected={undefined} now={STARTED} />)).toContain(
      '· 20 attempts',
    );
  });
});
