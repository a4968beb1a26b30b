import { describe, expect, test } from 'vitest';
import { formatProblem } from '#language/source/source.ts';
import { defaultInputs } from '#language/playbook/inputs.ts';
import type { Criterion, Playbook, Step } from '#language/playbook/playbook.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import { stepTypes } from '#steps/index.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';

const definitions = await projectDefinitions();
const types = new Map(stepTypes.map((type) => [type.type, type]));

/** A capability of a playbook, and the value in its YAML that proves it. */
type Row = readonly [row: string, says: string, actual: unknown, expected: unknown];

function playbook(id: string): Playbook {
  const found = definitions.playbooks.find((one) => one.playbook.id === id);
  if (found === undefined) throw new Error(`There is no valid playbook ${id}.`);
  return found.playbook;
}

/** Every step, nested ones included, in source order. */
function stepsOf(whole: Playbook): readonly Step[] {
  return allSteps(whole.steps, types).map(({ step }) => step);
}

function step(whole: Playbook, id: string): Step {
  const found = stepsOf(whole).find((one) => one.id === id);
  if (found === undefined) throw new Error(`${whole.id} has no step ${id}.`);
  return found;
}

function bands(whole: Playbook, id: string): readonly [string, string, string] {
  const found = whole.criteria?.find((criterion: Criterion) => criterion.id === id);
  if (found === undefined) throw new Error(`${whole.id} has no criterion ${id}.`);
  return [found.value, found.ok, found.alert];
}

/** The ids of the steps in one branch of a condition. */
function branch(whole: Playbook, id: string, name: 'then' | 'else'): readonly string[] {
  const blocks = stepTypes.flatMap((type) => (type.kind === 'control' ? type.blocks(step(whole, id)) : []));
  return blocks.filter((block) => block.name === name).flatMap(({ steps }) => steps.map((one) => one.id));
}

function agents(whole: Playbook): readonly unknown[] {
  return stepsOf(whole).flatMap((one) => (one['agent'] === undefined ? [] : [one['agent']]));
}

/** The steps of one type, by what they use. */
function using(whole: Playbook, type: string, field: string): readonly unknown[] {
  return stepsOf(whole)
    .filter((one) => one.type === type)
    .map((one) => one[field]);
}

function kindCount(kind: 'core' | 'external'): number | undefined {
  return definitions.integrations?.integrations.filter((one) => one.kind === kind).length;
}

function groups(): Readonly<Record<string, number>> {
  const external = definitions.integrations?.integrations.filter(({ kind }) => kind === 'external') ?? [];
  const byGroup = Map.groupBy(external, ({ group }) => group);
  return Object.fromEntries([...byGroup].map(([group, members]) => [group, members.length]));
}

test('the playbooks and everything they name have no problem', () => {
  expect(definitions.problems.map(formatProblem)).toEqual([]);
  expect(definitions.playbooks.map(({ playbook: { id } }) => id)).toEqual([
    'ops_churn_prevention',
    'ops_daily_health_check',
    'ops_integration_monitor',
    'ops_weekly_growth_review',
  ]);
});

function holds(rows: readonly Row[]): void {
  test.each(rows.map((row) => ({ row: row[0], says: row[1], actual: row[2], expected: row[3] })))(
    '$row: $says',
    ({ actual, expected }) => {
      expect(actual).toEqual(expected);
    },
  );
}

const NEW_YORK = 'America/New_York';

describe('the daily health check', () => {
  const daily = playbook('ops_daily_health_check');
  // prettier-ignore
  holds([
    ['4-02', 'weekdays at 9:00 in New York, by Leo', [daily.owner, daily.schedule], ['leo', { cron: '0 9 * * 1-5', timeZone: NEW_YORK }]],
    ['4-02', 'two to three minutes', daily.expectedDuration, '3m'],
    ['4-03', 'five core systems: Firestore and four more', [step(daily, 'health')['tool'], kindCount('core')], ['getSystemHealth', 4]],
    ['4-04', 'ten integrations', [step(daily, 'integrations')['tool'], kindCount('external')], ['checkIntegrations', 10]],
    ['4-05', 'platform figures of 24 hours', step(daily, 'last_day')['with'], { until: '${{ window.end }}' }],
    ['4-05', 'and since the last check, which a weekend lies before', step(daily, 'stats')['with'], { since: '${{ window.start }}', until: '${{ window.end }}', compareWith: 'week_before' }],
    ['4-06', 'a report with prioritised action items', [step(daily, 'report').type, step(daily, 'report')['instructions']], ['synthesize', expect.stringContaining('End with a section "Action items"')]],
    ['4-07', 'mailed to two people', [step(daily, 'mail')['channels'], definitions.people?.roles['reports']], [['email'], ['martez@bakedbot.ai', 'rishabh@bakedbot.ai']]],
    ['4-07', 'by their role', step(daily, 'mail')['to'], ['reports']],
    ['4-08', 'no critical errors', bands(daily, 'critical_errors').slice(0, 2), ['steps.stats.output.criticalErrors', 'value == 0']],
    ['4-08', 'metrics trending positive', bands(daily, 'trends')[1], 'value > 0'],
    ['4-08, 4-09', 'all integrations online', bands(daily, 'integrations_online'), ['size(steps.integrations.output.offline)', 'value == 0 && steps.integrations.output.allOnline', 'value > 0']],
    ['4-09', 'error rate over 1 %', bands(daily, 'error_rate')[2], 'value > 1'],
    ['4-09', 'no signups in 24 hours', bands(daily, 'signups'), ['steps.last_day.output.signups', 'value > 0', 'value == 0']],
    ['4-09', 'API quota over 80 %', bands(daily, 'api_quota')[2], 'value > 80'],
    ['4-09', 'alerts reach people', daily.alerts, { channels: ['slack', 'email'], to: ['owner'], priority: 'high' }],
  ]);
});

describe('the weekly growth review', () => {
  const weekly = playbook('ops_weekly_growth_review');
  // prettier-ignore
  holds([
    ['4-10', 'Mondays at 8:00 in New York', weekly.schedule, { cron: '0 8 * * 1', timeZone: NEW_YORK }],
    ['4-10', 'Pops, Jack, Mrs. Parker and Leo', agents(weekly), ['pops', 'jack', 'mrs_parker', 'leo']],
    ['4-10', 'five to seven minutes', weekly.expectedDuration, '7m'],
    ['4-11', 'signups of 7 days', [step(weekly, 'signups')['tool'], step(weekly, 'signups')['with']], ['getSignupAnalytics', { days: 7 }]],
    ['4-11', 'cohorts by three roles', definitions.platform?.users.roles.map(({ value }) => value), ['customer', 'dispensary', 'brand']],
    ['4-11', 'four sources', definitions.platform?.users.sources.map(({ name }) => name), ['Vibe Studio', 'Academy', 'Training', 'Age gate']],
    ['4-11', 'a funnel, which Pops judges', [definitions.platform?.users.funnel.length, step(weekly, 'analytics')['with']], [3, { signups: '${{ steps.signups.output }}' }]],
    ['4-12', 'MRR, expansion and churned dollars, for Jack', [step(weekly, 'revenue')['tool'], step(weekly, 'revenue_review')['agent']], ['getRevenueMetrics', 'jack']],
    ['4-13', 'no login in 14 days, no campaign in 30', [step(weekly, 'at_risk')['tool'], step(weekly, 'at_risk')['with']], ['getAtRiskCustomers', { loginDays: 14, campaignDays: 30, limit: 25 }]],
    ['4-13', 'for Mrs. Parker', step(weekly, 'retention')['agent'], 'mrs_parker'],
    ['4-14', 'insights and action plan by Leo', [step(weekly, 'plan').type, step(weekly, 'plan')['agent']], ['synthesize', 'leo']],
    ['4-15', 'a thread assigned to Martez', [step(weekly, 'review')['kind'], step(weekly, 'review')['assignee'], definitions.people?.roles['operator']], ['review', 'operator', ['martez@bakedbot.ai']]],
    ['4-16, 4-17', 'MRR growth over 5 %, alarm when declining', bands(weekly, 'mrr_growth'), ['steps.revenue.output.mrrGrowth * 100', 'value > 5', 'value < 0']],
    ['4-16, 4-17', 'churn under 3 %, alarm over 5 %', bands(weekly, 'churn_rate'), ['steps.revenue.output.churnRate * 100', 'value < 3', 'value > 5']],
    ['4-16', 'signup conversion over 15 %', bands(weekly, 'signup_conversion').slice(0, 2), ['steps.signups.output.conversionRate * 100', 'value > 15']],
    ['4-17', 'no signup in a week', bands(weekly, 'signups'), ['steps.signups.output.signups', 'value > 0', 'value == 0']],
  ]);
});

describe('the integration monitor', () => {
  const monitor = playbook('ops_integration_monitor');
  // prettier-ignore
  holds([
    ['4-18', 'hourly, by Leo, with Linus when needed', [monitor.schedule?.cron, monitor.owner, agents(monitor)], ['0 * * * *', 'leo', ['linus']]],
    ['4-18', 'within a minute', monitor.expectedDuration, '1m'],
    ['4-19', 'ten integrations in six groups', groups(), { 'Google Workspace': 4, CRM: 1, Email: 1, SMS: 1, POS: 1, Payments: 2 }],
    ['4-20', 'if any is offline', step(monitor, 'any_offline').if, 'size(steps.integrations.output.offline) > 0'],
    ['4-20', 'alarm, logs, Linus, incident, in this order', branch(monitor, 'any_offline', 'then'), ['alarm', 'logs', 'investigate', 'incident']],
    ['4-20', 'Slack and mail with high priority', [step(monitor, 'alarm')['channels'], step(monitor, 'alarm')['priority']], [['slack', 'email'], 'high']],
    ['4-20', 'Linus looks at logs and credentials', [step(monitor, 'logs')['tool'], step(monitor, 'investigate')['agent']], ['searchLogs', 'linus']],
    ['4-20', 'an incident thread', [step(monitor, 'incident').type, step(monitor, 'incident')['kind']], ['create_thread', 'incident']],
    ['4-21, 4-22', 'all online', bands(monitor, 'all_online'), ['size(steps.integrations.output.offline)', 'value == 0 && steps.integrations.output.allOnline', 'value > 0']],
    ['4-21, 4-22', 'latency under 500 ms, alarm over 2,000', bands(monitor, 'latency'), ['steps.integrations.output.slowestMs', 'value < 500', 'value > 2000']],
    ['4-21, 4-22', 'last success under an hour ago, alarm from two', bands(monitor, 'last_success'), ['steps.integrations.output.oldestSuccessMinutes', 'round(value, 0) < 60', 'round(value, 0) >= 120']],
  ]);
});

describe('churn prevention', () => {
  const churn = playbook('ops_churn_prevention');
  // prettier-ignore
  holds([
    ['4-23', 'daily at 10:00 in New York', churn.schedule, { cron: '0 10 * * *', timeZone: NEW_YORK }],
    ['4-23', 'Leo, Mrs. Parker and Craig', [churn.owner, agents(churn)], ['leo', ['mrs_parker', 'craig']]],
    ['4-23', 'three to five minutes', churn.expectedDuration, '5m'],
    ['4-24', 'inactive for 7 days', [step(churn, 'inactive')['tool'], step(churn, 'inactive')['with']], ['getInactiveCustomers', { days: '${{ inputs.days }}', limit: '${{ inputs.limit }}' }]],
    ['4-24', 'unless a person says otherwise', defaultInputs(churn), { days: 7, limit: 50, discount_percent: 15 }],
    ['4-25', 'if anybody is found', step(churn, 'any_inactive').if, 'steps.inactive.output.inactiveCustomers > 0'],
    ['4-25', 'mails by reason, with a code, nobody twice in 14 days', step(churn, 'drafts')['with'], { customers: "${{ steps.inactive.output.customers.map(c, {'id': c.id, 'reason': c.reason}) }}", discountPercent: '${{ inputs.discount_percent }}', validDays: 14, contactEveryDays: 14 }],
    ['4-25', 'else a note of low priority', [branch(churn, 'any_inactive', 'else'), step(churn, 'all_active')['channels'], step(churn, 'all_active')['priority'], step(churn, 'all_active')['subject']], [['all_active'], ['dashboard'], 'low', '✅ All customers active']],
    ['4-25', 'no thread without a mail in it', [step(churn, 'any_drafts').if, branch(churn, 'any_drafts', 'else')], ['steps.drafts.output.drafted > 0', ['all_contacted']]],
    ['4-26', 'a campaign that Martez must approve', [step(churn, 'campaign')['kind'], step(churn, 'campaign')['needsApproval'], step(churn, 'campaign')['assignee']], ['campaign', true, 'operator']],
    ['4-26', 'with the drafts themselves', step(churn, 'campaign')['payload'], { drafts: '${{ steps.drafts.output.drafts }}' }],
    ['4-26', 'nothing is sent to customers', [using(churn, 'tool_call', 'tool'), using(churn, 'notify', 'channels')], [['getInactiveCustomers', 'draftCampaign'], [['dashboard'], ['dashboard']]]],
    ['4-27', 'campaign within 5 minutes', bands(churn, 'campaign_in_time').slice(0, 2), ["steps.campaign.status == 'succeeded' ? (timestamp(now) - timestamp(execution.startedAt)).getSeconds() : null", 'value <= 300']],
    ['4-27', 'personal mails', bands(churn, 'personalised')[1], 'value == 0'],
    ['4-27', 'approval required', bands(churn, 'approval_required').slice(1), ['value', '!value']],
    ['4-28', 'more than 10 inactive', bands(churn, 'inactive_customers'), ['steps.inactive.output.inactiveCustomers', 'value <= 10', 'value > 10']],
    ['4-28', 'more than 15 % inactive', bands(churn, 'inactive_rate'), ['steps.inactive.output.inactiveRate * 100', 'value <= 15', 'value > 15']],
  ]);
});
