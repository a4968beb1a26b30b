/** The notices that a page may show after a change. The address names one of them; it cannot bring its own text. */
const NOTICES = {
  approved: 'Approved. You can undo this for 60 seconds.',
  rejected: 'Rejected. You can undo this for 60 seconds.',
  undone: 'Decision undone.',
  modified: 'Saved. Review it, then approve.',
  commented: 'Comment added.',
  assigned: 'Assigned.',
  closed: 'Closed.',
  reopened: 'Reopened.',
  paused: 'Paused. Scheduled runs are skipped until it is resumed.',
  resumed: 'Resumed.',
  enabled: 'Enabled.',
  disabled: 'Disabled. Scheduled runs are skipped.',
  requested: 'Execution started.',
  ended: 'Ended as failed. Effects that already happened are not undone.',
  control: 'Saved for all playbooks.',
  signed_out: 'You are signed out.',
} as const;

/** The name of one of them. */
export type Notice = keyof typeof NOTICES;

/** The sentence of a name; undefined for anything else. */
export function noticeOf(name: string | undefined): string | undefined {
  return name !== undefined && isNotice(name) ? NOTICES[name] : undefined;
}

/** A path of this site with a notice for the page there. */
export function withNotice(path: string, notice: Notice): string {
  return `${path}${path.includes('?') ? '&' : '?'}notice=${notice}`;
}

function isNotice(name: string): name is Notice {
  return Object.hasOwn(NOTICES, name);
}
