import { PlaybookError } from '../engine/failure.ts';
import { suggestionFor } from '../engine/nearest.ts';
import { checkIntegrations } from './check-integrations.ts';
import { crmGetStats } from './crm-get-stats.ts';
import { draftCampaign } from './draft-campaign.ts';
import { getAtRiskCustomers } from './get-at-risk-customers.ts';
import { getExecutionStats } from './get-execution-stats.ts';
import { getInactiveCustomers } from './get-inactive-customers.ts';
import { getRevenueMetrics } from './get-revenue-metrics.ts';
import { getSignupAnalytics } from './get-signup-analytics.ts';
import { getSpend } from './get-spend.ts';
import { getSystemHealth } from './get-system-health.ts';
import { httpRequest } from './http-request.ts';
import { searchLogs } from './search-logs.ts';
import type { Tool } from './tool.ts';

/** Every tool that a step or an agent may name. */
export const tools: readonly Tool[] = [
  getSystemHealth,
  checkIntegrations,
  crmGetStats,
  getSignupAnalytics,
  getRevenueMetrics,
  getAtRiskCustomers,
  getInactiveCustomers,
  draftCampaign,
  httpRequest,
  searchLogs,
  getExecutionStats,
  getSpend,
];

/** The tool of this name. Throws `unknown_tool`, with the name that was probably meant. */
export function toolNamed(name: string): Tool {
  const tool = tools.find((known) => known.name === name);
  if (tool !== undefined) return tool;
  const names = tools.map((known) => known.name);
  throw new PlaybookError('unknown_tool', `There is no tool '${name}'. ${suggestionFor(name, names) ?? ''}`.trim());
}
