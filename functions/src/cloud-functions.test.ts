import { describe, expect, test } from 'vitest';
import { CLOUD_FUNCTIONS, endpointsOf, type CloudFunction } from './cloud-functions.ts';

const named = { secrets: ['A_SECRET'], timeoutSeconds: 60 };
const ONE_OF_EACH: readonly CloudFunction[] = [
  { ...named, kind: 'request', name: 'anotherRequest' },
  { ...named, kind: 'task', name: 'aTask', maxAttempts: 5 },
  { ...named, kind: 'schedule', name: 'aSchedule', schedule: '*/5 * * * *' },
];

describe('what is deployed', () => {
  const endpoints = endpointsOf([...CLOUD_FUNCTIONS, ...ONE_OF_EACH]);
  const manifest = (name: string): unknown => Reflect.get(endpoints[name] ?? {}, '__endpoint');

  test('is every function of the list, under its name', () => {
    expect(Object.keys(endpoints)).toEqual(['playbookRunner', 'anotherRequest', 'aTask', 'aSchedule']);
  });

  test('is called by anyone where it answers requests', () => {
    expect(manifest('anotherRequest')).toMatchObject({ platform: 'gcfv2', httpsTrigger: { invoker: ['public'] } });
  });

  test('is called by Cloud Tasks where it takes tasks', () => {
    expect(manifest('aTask')).toMatchObject({ taskQueueTrigger: { retryConfig: { maxAttempts: 5 } } });
    expect(manifest('aTask')).not.toHaveProperty('httpsTrigger');
  });

  test('is called by Cloud Scheduler where it has a schedule', () => {
    expect(manifest('aSchedule')).toMatchObject({ scheduleTrigger: { schedule: '*/5 * * * *' } });
  });

  test.each(ONE_OF_EACH.map(({ name }) => name))('%s is given its secrets and its time', (name) => {
    expect(manifest(name)).toMatchObject({ secretEnvironmentVariables: [{ key: 'A_SECRET' }], timeoutSeconds: 60 });
  });
});
