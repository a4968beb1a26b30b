import { z } from 'zod';
import { Duration, Identifier } from '../playbook/field-schemas.ts';

/** A service whose health is checked. Only `${NAME}` in a header stands for the secret of that name. */
export const Integration = z.strictObject({
  id: Identifier,
  name: z.string().min(1),
  group: z.string().min(1),
  /** `core` systems are checked by getSystemHealth, `external` ones by checkIntegrations. */
  kind: z.enum(['core', 'external']),
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  expect: z
    .strictObject({
      status: z.array(z.number().int()).default([200]),
      /** Dotted path into the JSON body → the value it must have. */
      body: z.record(z.string(), z.json()).default({}),
      contentType: z.string().default('application/json'),
    })
    .prefault({}),
  latency: z.strictObject({ ok: Duration.default('500ms'), alert: Duration.default('2s') }).prefault({}),
});
export type Integration = z.infer<typeof Integration>;

/** `playbooks/integrations.yaml` */
export const Integrations = z.strictObject({ integrations: z.array(Integration) });
export type Integrations = z.infer<typeof Integrations>;

/** `${NAME}` in a header of an integration. */
const SECRET_REFERENCE = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/** The names of the secrets that headers refer to, without duplicates. */
export function secretNamesIn(headers: Integration['headers']): readonly string[] {
  const references = Object.values(headers).flatMap((value) => [...value.matchAll(SECRET_REFERENCE)]);
  return [...new Set(references.map(([, name = '']) => name))];
}

/** The headers with each reference replaced. */
export function filledHeaders(headers: Integration['headers'], fill: (name: string) => string): Integration['headers'] {
  const filled = Object.entries(headers).map(([name, value]) => [
    name,
    value.replaceAll(SECRET_REFERENCE, (_, secret: string) => fill(secret)),
  ]);
  return Object.fromEntries(filled);
}
