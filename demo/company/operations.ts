import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;
const TRAFFIC_HOURS = 21 * 24;
const LOG_ENTRIES = 240;

/** One hour of the platform. */
export interface TrafficHour {
  readonly id: string;
  readonly at: Date;
  readonly requests: number;
  readonly errors: number;
}

/** How much of an API is used up. */
export interface Quota {
  readonly id: string;
  readonly service: string;
  readonly used: number;
  readonly limit: number;
}

/** One line of the platform's log. */
export interface LogEntry {
  readonly id: string;
  readonly at: Date;
  readonly severity: 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
  readonly service: string;
  readonly message: string;
}

/** Requests by hour, more by day than by night, four in a thousand of which fail. */
export function traffic(now: Date, random: Random): readonly TrafficHour[] {
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  return Array.from({ length: TRAFFIC_HOURS }, (_, index) => {
    const at = new Date(thisHour - index * HOUR_MS);
    const daylight = Math.sin(((at.getUTCHours() - 8) / 24) * 2 * Math.PI);
    const requests = Math.round(900 + 500 * daylight) + random.between(0, 120);
    const errors = Math.floor(requests * 0.003) + random.between(0, 2);
    return { id: `hour-${String(index).padStart(4, '0')}`, at, requests, errors };
  });
}

/** The quotas; the same at every instant. */
export function quotas(): readonly Quota[] {
  return [
    { id: 'gmail', service: 'Gmail API', used: 512_000, limit: 1_000_000 },
    { id: 'sheets', service: 'Sheets API', used: 219, limit: 300 },
    { id: 'hubspot', service: 'HubSpot API', used: 102_500, limit: 250_000 },
    { id: 'mailjet', service: 'Mailjet', used: 3_480, limit: 6_000 },
    { id: 'gemini', service: 'Gemini API', used: 410, limit: 1_500 },
  ];
}

const MESSAGES = [
  ['INFO', 'gmail', 'Synchronised 42 messages'],
  ['INFO', 'orders', 'Nightly export finished'],
  ['INFO', 'calendar', 'Watch channel renewed'],
  ['WARNING', 'gmail', 'Access token expires in less than an hour'],
  ['WARNING', 'hubspot', 'Retrying after 429 Too Many Requests'],
  ['WARNING', 'cannpay', 'Response took 1840 ms'],
  ['ERROR', 'alleaves', 'Menu import failed: location 17 has no licence number'],
  ['ERROR', 'gmail', 'Token refresh failed: invalid_grant'],
] as const;

/** Two weeks of log entries; the two critical ones are some days old. */
export function logs(now: Date, random: Random): readonly LogEntry[] {
  return Array.from({ length: LOG_ENTRIES }, (_, index): LogEntry => {
    const at = new Date(now.getTime() - Math.round((index + random.next()) * 1.4 * HOUR_MS));
    const [severity, service, message] = random.pick(MESSAGES);
    const id = `log-${String(index + 1).padStart(4, '0')}`;
    if (index === 90 || index === 170) {
      return {
        id,
        at,
        severity: 'CRITICAL',
        service: 'orders',
        message: 'Checkout refused all cards for four minutes',
      };
    }
    return { id, at, severity, service, message };
  });
}
