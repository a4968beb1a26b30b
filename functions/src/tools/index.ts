import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';
import { checkIntegrations } from './integrations/check-integrations.ts';
import { crmGetStats } from './customers/crm-get-stats.ts';
import { draftCampaign } from './campaigns/draft-campaign.ts';
import { getAtRiskCustomers } from './customers/get-at-risk-customers.ts';
import { getExecutionStats } from './operations/get-execution-stats.ts';
import { getInactiveCustomers } from './customers/get-inactive-customers.ts';
import { getRevenueMetrics } from './platform/get-revenue-metrics.ts';
import { getSignupAnalytics } from './platform/get-signup-analytics.ts';
import { getSpend } from './operations/get-spend.ts';
import { getSystemHealth } from './operations/get-system-health.ts';
import { httpRequest } from './operations/http-request.ts';
import { searchLogs } from './operations/search-logs.ts';
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
