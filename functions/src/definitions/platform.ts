import { z } from 'zod';

const Collection = z.strictObject({ collection: z.string().min(1), fields: z.record(z.string(), z.string().min(1)) });

/** Where the team's own data lives: `playbooks/platform.yaml` names the collection and the field behind each word. */
export const Platform = z.strictObject({ users: Collection });
export type Platform = z.infer<typeof Platform>;
