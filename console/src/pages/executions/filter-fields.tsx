import type { Child } from 'hono/jsx';
import { shownText } from '#console/view/elements/text.tsx';
import type { PlaybookName } from '#console/view/records/playbook-names.ts';
import { LABELS } from './filter-labels.ts';
import type { AskedFilter, FilterName } from './filter.ts';

/** What is wrong with the filters, by name. */
export type Problems = AskedFilter['problems'];

/** The label of a filter around its control, with what is wrong with it. */
export const Field = ({
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

/** A filter to choose from a list; a value that the list does not have stays chosen. */
export const Choice = ({
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

/** A filter to type, with suggestions. */
export const Suggested = ({
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

/** The attributes that tie a control to what is wrong with it. */
export function describedBy(name: FilterName, problems: Problems) {
  return problems[name] === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': `problem-${name}` };
}
