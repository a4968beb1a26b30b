import { shownText } from '#console/view/elements/text.tsx';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import { LABELS } from './filter-labels.ts';
import { filterHref, FILTERS, type AskedFilter, type FilterName } from './filter.ts';

/** The active filters, each with a link that removes it. */
export const FilterChips = ({
  asked: { given },
  playbooks,
}: {
  asked: AskedFilter;
  playbooks: readonly PlaybookName[];
}) => {
  const active = FILTERS.filter((name) => given[name] !== undefined);
  if (active.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {active.map((name) => (
        <li>
          <Chip name={name} value={shownValue(name, given[name] ?? '', playbooks)} given={given} />
        </li>
      ))}
      {active.length < 2 ? null : (
        <li>
          <a class="chip" href="/executions">
            Clear filters
          </a>
        </li>
      )}
    </ul>
  );
};

const Chip = ({ name, value, given }: { name: FilterName; value: string; given: AskedFilter['given'] }) => (
  <a
    class="chip"
    href={filterHref('/executions', given, { [name]: undefined })}
    aria-label={`Remove filter ${LABELS[name]}: ${value}`}
  >
    {LABELS[name]}: <bdi>{value}</bdi> <span aria-hidden="true">✕</span>
  </a>
);

function shownValue(name: FilterName, value: string, playbooks: readonly PlaybookName[]): string {
  const known = name === 'playbook' ? playbooks.find(({ id }) => id === value)?.name : undefined;
  return shownText(known ?? value, 60);
}
