import type { Child } from 'hono/jsx';
import { shownText } from '#console/view/elements/text.tsx';
import { filterHref, STATUSES, TRIGGERS, type AskedFilter, type FilterName } from './filter.ts';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';

const LABELS: Readonly<Record<FilterName, string>> = {
  text: 'Words',
  playbook: 'Playbook',
  status: 'Status',
  trigger: 'Started by',
  agent: 'Agent',
  label: 'Label',
  from: 'From',
  to: 'To',
};

const RARE: readonly FilterName[] = ['trigger', 'agent', 'label', 'from', 'to'];

/** What the fields may offer to choose from. */
export interface Offered {
  readonly playbooks: readonly PlaybookName[];
  readonly agents: readonly string[];
  readonly labels: readonly string[];
}

/** The filters as a form that changes the address, and works without scripts. What is rarely asked for is behind a button. */
export const FilterForm = ({ asked, offered }: { asked: AskedFilter; offered: Offered }) => {
  const { given, problems } = asked;
  const isRareShown = RARE.some((name) => given[name] !== undefined);
  return (
    <form class="filters" method="get" action="/executions" data-auto="" aria-label="Filters">
      <Field name="text" problems={problems} search>
        <input
          type="search"
          name="text"
          value={given.text}
          maxlength={200}
          placeholder="Name, id, step or error"
          {...describedBy('text', problems)}
        />
      </Field>
      <Field name="playbook" problems={problems}>
        <Choice name="playbook" given={given.playbook} options={offered.playbooks} problems={problems} />
      </Field>
      <Field name="status" problems={problems}>
        <Choice name="status" given={given.status} options={STATUSES.map(asOption)} problems={problems} />
      </Field>
      <details class="more-filters" open={isRareShown}>
        <summary class="button">More filters</summary>
        <div class="filters">
          <Field name="trigger" problems={problems}>
            <Choice name="trigger" given={given.trigger} options={TRIGGERS.map(asOption)} problems={problems} />
          </Field>
          <Suggested name="agent" given={given.agent} suggestions={offered.agents} problems={problems} />
          <Suggested name="label" given={given.label} suggestions={offered.labels} problems={problems} />
          <Field name="from" problems={problems}>
            <input type="date" name="from" value={given.from} {...describedBy('from', problems)} />
          </Field>
          <Field name="to" problems={problems}>
            <input type="date" name="to" value={given.to} {...describedBy('to', problems)} />
          </Field>
        </div>
      </details>
      <button>Filter</button>
    </form>
  );
};

/** The filters that hold, each with the way to take it away. */
export const FilterChips = ({
  asked: { given },
  playbooks,
}: {
  asked: AskedFilter;
  playbooks: readonly PlaybookName[];
}) => {
  const entries = Object.entries(given);
  if (entries.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters that hold">
      {Object.entries(LABELS).map(([name, label]) => {
        const value = entries.find(([known]) => known === name)?.[1];
        if (value === undefined) return null;
        const shown = name === 'playbook' ? (playbooks.find(({ id }) => id === value)?.name ?? value) : value;
        return (
          <li>
            <a
              class="chip"
              href={filterHref('/executions', given, { [name]: undefined })}
              aria-label={`Remove the filter ${label}: ${shownText(shown, 60)}`}
            >
              {label}: <bdi>{shownText(shown, 60)}</bdi> <span aria-hidden="true">✕</span>
            </a>
          </li>
        );
      })}
      {entries.length < 2 ? null : (
        <li>
          <a class="chip" href="/executions">
            Remove all
          </a>
        </li>
      )}
    </ul>
  );
};

type Problems = AskedFilter['problems'];

const Field = ({
  name,
  problems,
  search,
  children,
}: {
  name: FilterName;
  problems: Problems;
  search?: boolean;
  children: Child;
}) => (
  <label class={search === true ? 'search' : undefined}>
    {LABELS[name]}
    {children}
    {problems[name] === undefined ? null : (
      <span class="error" id={`problem-${name}`}>
        {problems[name]}
      </span>
    )}
  </label>
);

const Choice = ({
  name,
  given,
  options,
  problems,
}: {
  name: FilterName;
  given: string | undefined;
  options: readonly PlaybookName[];
  problems: Problems;
}) => {
  const isUnknown = given !== undefined && options.every(({ id }) => id !== given);
  return (
    <select name={name} {...describedBy(name, problems)}>
      <option value="">All</option>
      {isUnknown ? (
        <option value={given} selected>
          {shownText(given, 60)}
        </option>
      ) : null}
      {options.map((option) => (
        <option value={option.id} selected={option.id === given}>
          {shownText(option.name, 60)}
        </option>
      ))}
    </select>
  );
};

const Suggested = ({
  name,
  given,
  suggestions,
  problems,
}: {
  name: 'agent' | 'label';
  given: string | undefined;
  suggestions: readonly string[];
  problems: Problems;
}) => (
  <Field name={name} problems={problems}>
    <input
      name={name}
      value={given}
      list={`known-${name}`}
      maxlength={200}
      autocomplete="off"
      placeholder={name === 'label' ? 'key=value' : undefined}
      {...describedBy(name, problems)}
    />
    <datalist id={`known-${name}`}>
      {suggestions.map((suggestion) => (
        <option value={suggestion} />
      ))}
    </datalist>
  </Field>
);

function describedBy(name: FilterName, problems: Problems) {
  return problems[name] === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': `problem-${name}` };
}

function asOption(word: string): PlaybookName {
  return { id: word, name: word };
}
