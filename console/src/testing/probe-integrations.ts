import { Integration } from '#language/settings/integrations.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { rememberProbes } from '#tools/integrations/integration-history.ts';
import type { Probe } from '#tools/integrations/probe-integration.ts';

/** Remembers the answer of one integration as a check does. */
export async function rememberTestProbe(
  documents: Documents,
  { id, at, ...given }: Partial<Probe> & { readonly id: string; readonly at: Date },
): Promise<void> {
  const integration = Integration.parse({ id, name: id, group: 'G', kind: 'external', url: 'https://example.com' });
  const probe: Probe = { status: 'online', latencyMs: 120, band: 'ok', error: null, tries: 1, ...given };
  await rememberProbes(documents, [{ integration, probe }], at);
}
