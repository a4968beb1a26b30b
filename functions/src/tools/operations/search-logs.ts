import { cut } from '#core/cut.ts';
import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Where } from '#ports/documents/documents.ts';
import { instantAt, mapped, oneOf, textAt } from '../platform/platform-data.ts';
import { defineTool } from '../tool.ts';

/** The number of latest entries to read and search here, because the database has no text search. */
const MAX_READ = 500;
const MAX_MESSAGE_CHARS = 1_000;

/** The platform's own log. */
export const searchLogs = defineTool({
  name: 'searchLogs',
  summary: 'Searches the latest log entries of the platform by severity, service, time and text; newest first.',
  effect: 'none',
  input: z.strictObject({
    /** This severity and more severe ones. */
    severity: z.string().min(1).optional(),
    /** Text to find in message or service, case-insensitive. */
    text: z.string().min(1).max(200).optional(),
    /** By default, the last 24 hours. */
    since: z.iso.datetime({ offset: true }).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    since: z.string(),
    entries: z.array(z.object({ at: z.string(), severity: z.string(), service: z.string(), message: z.string() })),
    /** The number of matching entries among those that were searched. */
    matched: z.number().int(),
    lookedAt: z.number().int(),
    /** The number of entries with this severity and time. If larger than `lookedAt`, older ones were not searched. */
    total: z.number().int(),
  }),
  example: { severity: 'ERROR', text: 'gmail', limit: 20 },
  async run({ severity, text, since, limit }, { ports, clock }) {
    const logs = mapped((await ports.settings.platform()).logs, 'logs');
    const { collection, fields } = logs;
    const from = since === undefined ? new Date(clock.now().getTime() - DAY_MS) : new Date(since);
    const where: Where[] = [{ field: fields.at, op: '>=', value: from }];
    if (severity !== undefined) where.push(oneOf(fields.severity, fromSeverity(logs.severities, severity)));
    const [found, { count }] = await Promise.all([
      ports.documents.query({ collection, where, orderBy: [{ field: fields.at, direction: 'desc' }], limit: MAX_READ }),
      ports.documents.aggregate({ collection, where }),
    ]);
    const wanted = text?.toLowerCase() ?? '';
    const entries = found
      .map(({ data }) => ({
        at: instantAt(data, fields.at)?.toISOString() ?? '',
        severity: textAt(data, fields.severity),
        service: textAt(data, fields.service),
        message: cut(textAt(data, fields.message), MAX_MESSAGE_CHARS),
      }))
      .filter(({ message, service }) => `${service} ${message}`.toLowerCase().includes(wanted));
    return {
      since: from.toISOString(),
      entries: entries.slice(0, limit),
      matched: entries.length,
      lookedAt: found.length,
      total: count,
    };
  },
});

/** The severity and more severe ones. Throws `input_invalid` for a severity that `platform.yaml` does not name. */
function fromSeverity(severities: readonly string[], severity: string): readonly string[] {
  const index = severities.findIndex((known) => known.toLowerCase() === severity.toLowerCase());
  if (index >= 0) return severities.slice(index);
  throw new PlaybookError(
    'input_invalid',
    `playbooks/platform.yaml has no severity '${severity}'. ${suggestionFor(severity, severities) ?? ''}`.trim(),
  );
}
