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

/** Every tool that a step or an agent can name. */
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
