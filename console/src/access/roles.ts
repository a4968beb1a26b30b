import type { Role } from '#ports/identity.ts';

/** Everything that a person can do in the console, and the roles that may. */
const MAY = {
  read: ['viewer', 'operator', 'approver', 'admin'],
  export: ['viewer', 'operator', 'approver', 'admin'],
  comment: ['operator', 'approver', 'admin'],
  assign: ['operator', 'approver', 'admin'],
  close_thread: ['operator', 'approver', 'admin'],
  run_playbook: ['operator', 'admin'],
  pause_playbook: ['operator', 'admin'],
  end_execution: ['operator', 'admin'],
  decide: ['approver', 'admin'],
  undo: ['approver', 'admin'],
  modify_payload: ['approver', 'admin'],
  switch_playbook: ['admin'],
  change_control: ['admin'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** One of the things that can be done. Closing a thread includes opening it again; pausing includes resuming. */
export type Action = keyof typeof MAY;

/** All of them. */
export const ACTIONS: readonly Action[] = Object.keys(MAY).filter((name): name is Action => Object.hasOwn(MAY, name));

/** Whether somebody of this role may do this. */
export function may(role: Role, action: Action): boolean {
  const roles: readonly Role[] = MAY[action];
  return roles.includes(role);
}

/** The roles that may do this, for messages to those who may not. */
export function rolesThatMay(action: Action): readonly Role[] {
  return MAY[action];
}
