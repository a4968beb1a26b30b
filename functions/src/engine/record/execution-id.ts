/**
 * The id of an execution for a slot. Same playbook and slot, same id: that is what makes a second delivery of a slot harmless
 * (invariant I1).
 */
export function slotExecutionId(playbookId: string, slot: Date): string {
  return `${playbookId}_${slot.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
}

/**
 * The id of an execution that a person starts, which has no slot: same request id, same execution. Playbook ids never contain
 * `_manual`, so that it is the id of no slot.
 */
export function manualExecutionId(playbookId: string, requestId: string): string {
  return `${playbookId}_manual_${requestId}`;
}
