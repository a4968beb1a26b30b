import type { FilterName } from './filter.ts';

/** The filters as people read them, in the order of the form. */
export const LABELS: Readonly<Record<FilterName, string>> = {
  text: 'Search',
  playbook: 'Playbook',
  status: 'Status',
  trigger: 'Trigger',
  agent: 'Agent',
  label: 'Label',
  from: 'From',
  to: 'To',
};
