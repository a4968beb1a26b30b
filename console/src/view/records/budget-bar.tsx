import type { SpendFigures } from '#records/figures/spend.ts';
import { percent, plural, usd } from '../elements/figures.tsx';

const WARN_SHARE = 0.8;

/** Today's spend against the daily budget: a bar, and the same in words. */
export const BudgetBar = ({ today, perDayUsd }: { today: SpendFigures; perDayUsd: number | undefined }) => {
  const share = perDayUsd === undefined ? undefined : today.costUsd / perDayUsd;
  const words = perDayUsd === undefined || share === undefined ? 'no budget set' : wordsOf(share, perDayUsd);
  return (
    <div class="budget">
      <p>
        <strong class="figure big">{usd(today.costUsd)}</strong> <span class="muted">{words}</span>
      </p>
      {share === undefined ? null : (
        <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          <rect class="fill-none" x={0} y={0} width={100} height={8} />
          <rect class={`fill-${toneOf(share)}`} x={0} y={0} width={(Math.min(1, share) * 100).toFixed(2)} height={8} />
        </svg>
      )}
      <Unpriced figures={today} />
    </div>
  );
};

/** How many calls the cost does not include, and why. */
export const Unpriced = ({ figures: { unpriced } }: { figures: SpendFigures }) =>
  unpriced === 0 ? null : (
    <p class="small tone-warn">
      Not included: {plural(unpriced, 'call')} to models without a price in playbooks/models.yaml.
    </p>
  );

function wordsOf(share: number, perDayUsd: number): string {
  const over = share > 1 ? ', over budget' : '';
  return `of ${usd(perDayUsd)} (${percent(share)}${over})`;
}

function toneOf(share: number): 'ok' | 'warn' | 'alert' {
  if (share > 1) return 'alert';
  return share >= WARN_SHARE ? 'warn' : 'ok';
}
