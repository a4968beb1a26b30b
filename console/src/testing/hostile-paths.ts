import { consolePaths } from './console-paths.ts';
import { HOSTILE_ID, HOSTILE_PLAYBOOK } from './hostile-records.ts';

/** The address of every page that shows the hostile records, in all its ways. */
export function hostilePaths(): readonly string[] {
  const escaped = encodeURIComponent(HOSTILE_ID);
  return [
    ...consolePaths({
      executionIds: ['', 'good ', 'runs ', 'dead ', 'skipped '].map((before) => before + HOSTILE_ID),
      playbookIds: [HOSTILE_PLAYBOOK],
      threadIds: [HOSTILE_ID, `ask ${HOSTILE_ID}`],
      notificationIds: ['email', 'slack', 'dashboard', HOSTILE_ID],
    }),
    ...['ask', 'call', escaped].map((step) => `/executions/${escaped}?step=${step}`),
    ...['run', 'definition', 'definition?version=v1&against=v2'].map(
      (page) => `/playbooks/${HOSTILE_PLAYBOOK}/${page}`,
    ),
    `/inbox/ask%20${escaped}/modify`,
    '/notifications/email/mail',
  ];
}
