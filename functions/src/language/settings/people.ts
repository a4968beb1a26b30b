import { z } from 'zod';
import { Identifier } from '../playbook/field-schemas.ts';

/** The people behind each role, and the allowed recipients: `playbooks/people.yaml`. */
export const People = z.strictObject({
  /** Role → one or more mail addresses. */
  roles: z.record(Identifier, z.array(z.email()).min(1)),
  /** Addresses (`a@b.c`) and domains (`@b.c`) to which mail may be sent; an empty list allows all. */
  allowedRecipients: z.array(z.string().regex(/^[^\s@]*@[^\s@]+$/)).default([]),
  /** Hosts whose links are kept in reports; others are shown as text. */
  allowedLinkHosts: z.array(z.string()).default([]),
  sender: z.strictObject({ email: z.email(), name: z.string().max(100) }),
});
export type People = z.infer<typeof People>;
