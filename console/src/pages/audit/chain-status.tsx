import { cut } from '#core/cut.ts';
import type { ChainVerdict } from '#records/audit/audit-chain.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { visible } from '#console/view/elements/text.tsx';

/** Whether the newest entries are intact. Nothing for an empty log. */
export const ChainStatus = ({ verdict }: { verdict: ChainVerdict }) => {
  if (!verdict.ok) return <Broken verdict={verdict} />;
  const { entries } = verdict;
  if (entries === 0) return null;
  return (
    <p class="muted">
      <span class="tone-ok" aria-hidden="true">
        ✓
      </span>{' '}
      Verified: {entries === 1 ? 'the newest entry is' : `the newest ${plural(entries, 'entry', 'entries')} are`}{' '}
      intact. To verify the whole log, run <code>npm run playbook -- audit --verify</code>
    </p>
  );
};

const Broken = ({ verdict: { brokenAt, why } }: { verdict: Extract<ChainVerdict, { ok: false }> }) => (
  <p class="problem" role="alert">
    <strong>The audit log was tampered with or is damaged</strong> at entry <code>{brokenAt}</code>:{' '}
    {visible(cut(why, 500))} Find out who else can write to the database.
  </p>
);
