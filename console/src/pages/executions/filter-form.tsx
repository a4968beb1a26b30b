import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import { Choice, describedBy, Field, Suggested } from './filter-fields.tsx';
import { STATUSES, TRIGGERS, type AskedFilter, type FilterName } from './filter.ts';

const RARE: readonly FilterName[] = ['trigger', 'agent', 'label', 'from', 'to'];

/** What the fields may offer to choose from. */
export interface Offered {
  readonly playbooks: readonly PlaybookName[];
  readonly agents: readonly string[];
  readonly labels: readonly string[];
}

interface FormProps {
  readonly asked: AskedFilter;
  readonly offered: Offered;
}

/** The filters as a form that changes the address and works without scripts. The rarer ones are behind a button. */
export const FilterForm = ({ asked, offered }: FormProps) => {
  const { given, problems } = asked;
  return (
    <form class="filters" method="get" action="/executions" data-auto="" aria-label="Filters">
      <Field name="text" problems={problems} search>
        <input
          type="search"
          name="text"
          value={given.text}
          maxlength={200}
          placeholder="Name, ID, step or error"
          {...describedBy('text', problems)}
        />
      </Field>
      <Field name="playbook" problems={problems}>
        <Choice name="playbook" given={given.playbook} options={offered.playbooks} problems={problems} />
      </Field>
      <Field name="status" problems={problems}>
        <Choice name="status" given={given.status} options={STATUSES.map(asOption)} problems={problems} />
      </Field>
      <Rare asked={asked} offered={offered} />
      <button>Filter</button>
    </form>
  );
};

const Rare = ({ asked: { given, problems }, offered }: FormProps) => (
  <details class="more-filters" open={RARE.some((name) => given[name] !== undefined)}>
    <summary class="button">
      <span class="if-closed">More filters</span>
      <span class="if-open">Fewer filters</span>
    </summary>
    <div class="filters">
      <Field name="trigger" problems={problems}>
        <Choice name="trigger" given={given.trigger} options={TRIGGERS.map(asOption)} problems={problems} />
      </Field>
      <Suggested name="agent" given={given.agent} suggestions={offered.agents} problems={problems} />
      <Suggested name="label" given={given.label} suggestions={offered.labels} problems={problems} />
      {(['from', 'to'] as const).map((name) => (
        <Field name={name} problems={problems}>
          <input type="date" name={name} value={given[name]} {...describedBy(name, problems)} />
        </Field>
      ))}
    </div>
  </details>
);

function asOption(word: string): PlaybookName {
  return { id: word, name: word };
}
