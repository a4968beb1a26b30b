/** The page of a playbook, or what lies below it. */
export function playbookHref(id: string, below = ''): string {
  return `/playbooks/${encodeURIComponent(id)}${below}`;
}
