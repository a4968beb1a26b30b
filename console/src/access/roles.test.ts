import { describe, expect, test } from 'vitest';
import { ROLES } from '#ports/identity.ts';
import { ACTIONS, may, rolesThatMay, type Action } from './roles.ts';

/** The table once more, written the other way round: by role, and without code. */
const ALLOWED: Readonly<Record<(typeof ROLES)[number], readonly Action[]>> = {
  viewer: ['read', 'export'],
  operator: ['read', 'export', 'comment', 'assign', 'close_thread', 'run_playbook', 'pause_playbook', 'end_execution'],
  approver: ['read', 'export', 'comment', 'assign', 'close_thread', 'decide', 'undo', 'modify_payload'],
  admin: [
    'read',
    'export',
    'comment',
    'assign',
    'close_thread',
    'run_playbook',
    'pause_playbook',
    'end_execution',
    'decide',
    'undo',
    'modify_payload',
    'switch_playbook',
    'change_control',
  ],
};

const cases = ROLES.flatMap((role) =>
  ALLOWED.admin.map((action) => ({ role, action, allowed: ALLOWED[role].includes(action) })),
);

describe('what roles may do', () => {
  test('an admin may do everything there is', () => {
    expect(ALLOWED.admin.toSorted()).toEqual(ACTIONS.toSorted());
  });

  test.each(cases)('$role, $action: $allowed', ({ role, action, allowed }) => {
    expect(may(role, action)).toBe(allowed);
    expect(rolesThatMay(action).includes(role)).toBe(allowed);
  });
});
