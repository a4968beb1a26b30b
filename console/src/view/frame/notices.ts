/** What a page may say after something was done. The address names one of these words; a text of its own it cannot bring. */
const NOTICES = {
  approved: 'Approved. You can undo this for a minute.',
  rejected: 'Rejected. You can undo this for a minute.',
  undone: 'The decision was undone: the thread waits again.',
  modified: 'Saved. Read it once more: the approval will hold for exactly this.',
  commented: 'Your comment was added.',
  assigned: 'Assigned.',
  closed: 'Closed.',
  reopened: 'Open again.',
  paused: 'Paused. Due slots are recorded as skipped until it is resumed.',
  resumed: 'Resumed.',
  enabled: 'Enabled.',
  disabled: 'Disabled. Due slots are recorded as skipped.',
  requested: 'The execution was asked for.',
  ended: 'Ended as failed. What it had done before stays done.',
  control: 'Changed for all playbooks.',
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
