import { z } from 'zod';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { GROUPS } from '#console/view/records/spend-sum.ts';

/** What the address of the page asks for; anything that does not exist is the default. */
export const SpendWish = z.object({
  days: z.enum(['7', '30']).catch('30').transform(Number),
  by: z.enum(GROUPS).catch('models'),
});
export type SpendWish = z.infer<typeof SpendWish>;

/** The wish of an address. */
export function wishOf(query: Readonly<Record<string, string>>): SpendWish {
  return SpendWish.parse({ days: query['days'], by: query['by'] });
}

/** The address of a wish. */
export function spendHref({ days, by }: SpendWish): string {
  return hrefOf('/spend', { days: days === 30 ? undefined : String(days), by: by === 'models' ? undefined : by });
}
