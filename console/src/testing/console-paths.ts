/** Records that pages are about. */
export interface ShownRecords {
  readonly executionIds: readonly string[];
  readonly playbookIds: readonly string[];
  readonly threadIds: readonly string[];
  readonly notificationIds: readonly string[];
}

/** The lists and overviews, also with filters. */
export const OVERVIEWS: readonly string[] = [
  '/',
  '/executions',
  '/executions?status=failed',
  '/executions?status=running',
  '/executions?trigger=manual',
  '/executions?text=test',
  '/playbooks',
  '/inbox',
  ...['open', 'decided', 'expired', 'closed', 'all'].map((state) => `/inbox?state=${state}`),
  '/inbox?state=all&kind=incident',
  '/health',
  '/spend',
  '/notifications',
  '/notifications?channel=email',
  '/audit',
  '/audit?action=playbook_paused',
];

/** The address of every page of the console, with these records. */
export function consolePaths({
  executionIds,
  playbookIds,
  threadIds,
  notificationIds,
}: ShownRecords): readonly string[] {
  const each = (ids: readonly string[], ...addresses: readonly ((id: string) => string)[]): readonly string[] =>
    ids.flatMap((id) => addresses.map((address) => address(encodeURIComponent(id))));
  return [
    ...OVERVIEWS,
    ...each(
      playbookIds,
      (id) => `/playbooks/${id}`,
      (id) => `/executions?playbook=${id}`,
      (id) => `/notifications?playbook=${id}`,
    ),
    ...each(executionIds, (id) => `/executions/${id}`),
    ...each(
      threadIds,
      (id) => `/inbox/${id}`,
      (id) => `/audit?target=${id}`,
    ),
    ...each(notificationIds, (id) => `/notifications/${id}`),
  ];
}
