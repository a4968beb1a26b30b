import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { evaluateCriteria } from '#engine/criteria.ts';
import type { Band } from '#engine/record/execution.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { Playbook } from '#language/playbook/playbook.ts';

const expressions = await loadExpressions();

/** The band of a measured value; `allOnline` is what the checks also said. */
function bandFor(playbookId: string, criterionId: string, value: number, allOnline: boolean): Band | undefined {
  const file = join(import.meta.dirname, `${playbookId}.yaml`);
  const { criteria = [] } = Playbook.parse(parse(readFileSync(file, 'utf8')));
  const measured = criteria.filter(({ id }) => id === criterionId).map((one) => ({ ...one, value: 'measured' }));
  const output = { output: { allOnline } };
  const steps = { integrations: output, health: output };
  return evaluateCriteria(measured, { steps, measured: value }, expressions)[0]?.band;
}

test.each([
  ['ops_daily_health_check', 'integrations_online', 0, 'ok'],
  ['ops_daily_health_check', 'integrations_online', 1, 'alert'],
  ['ops_daily_health_check', 'core_online', 1, 'alert'],
  ['ops_daily_health_check', 'critical_errors', 0, 'ok'],
  ['ops_daily_health_check', 'critical_errors', 1, 'warn'],
  ['ops_daily_health_check', 'error_rate', 1, 'ok'],
  ['ops_daily_health_check', 'error_rate', 1.01, 'alert'],
  ['ops_daily_health_check', 'signups', 0, 'alert'],
  ['ops_daily_health_check', 'signups', 1, 'ok'],
  ['ops_daily_health_check', 'trends', 1, 'ok'],
  ['ops_daily_health_check', 'trends', 0, 'warn'],
  ['ops_daily_health_check', 'api_quota', 80, 'ok'],
  ['ops_daily_health_check', 'api_quota', 80.1, 'alert'],
  ['ops_weekly_growth_review', 'mrr_growth', 5.1, 'ok'],
  ['ops_weekly_growth_review', 'mrr_growth', 5, 'warn'],
  ['ops_weekly_growth_review', 'mrr_growth', 0, 'warn'],
  ['ops_weekly_growth_review', 'mrr_growth', -0.1, 'alert'],
  ['ops_weekly_growth_review', 'churn_rate', 2.9, 'ok'],
  ['ops_weekly_growth_review', 'churn_rate', 3, 'warn'],
  ['ops_weekly_growth_review', 'churn_rate', 5, 'warn'],
  ['ops_weekly_growth_review', 'churn_rate', 5.1, 'alert'],
  ['ops_weekly_growth_review', 'signup_conversion', 15.1, 'ok'],
  ['ops_weekly_growth_review', 'signup_conversion', 15, 'warn'],
  ['ops_weekly_growth_review', 'signups', 0, 'alert'],
  ['ops_integration_monitor', 'all_online', 1, 'alert'],
  ['ops_integration_monitor', 'latency', 499, 'ok'],
  ['ops_integration_monitor', 'latency', 500, 'warn'],
  ['ops_integration_monitor', 'latency', 2000, 'warn'],
  ['ops_integration_monitor', 'latency', 2001, 'alert'],
  ['ops_integration_monitor', 'last_success', 0, 'ok'],
  ['ops_integration_monitor', 'last_success', 59.9, 'warn'],
  ['ops_integration_monitor', 'last_success', 119.9, 'alert'],
  ['ops_churn_prevention', 'inactive_customers', 10, 'ok'],
  ['ops_churn_prevention', 'inactive_customers', 11, 'alert'],
  ['ops_churn_prevention', 'inactive_rate', 15, 'ok'],
  ['ops_churn_prevention', 'inactive_rate', 15.1, 'alert'],
  ['ops_churn_prevention', 'campaign_in_time', 300, 'ok'],
  ['ops_churn_prevention', 'campaign_in_time', 301, 'warn'],
  ['ops_churn_prevention', 'personalised', 0, 'ok'],
  ['ops_churn_prevention', 'personalised', 1, 'warn'],
] as const)('%s: %s of %d is %s', (playbookId, criterionId, value, band) => {
  expect(bandFor(playbookId, criterionId, value, true)).toBe(band);
});

test('integrations without credentials are not offline, but not in order either', () => {
  expect(bandFor('ops_integration_monitor', 'all_online', 0, true)).toBe('ok');
  expect(bandFor('ops_integration_monitor', 'all_online', 0, false)).toBe('warn');
});
