/**
 * The id of an execution. Same playbook and slot, same id: that is what makes a second delivery of a slot harmless
 * (invariant I1). Started by hand there is no slot: same id of the start, same execution. No playbook's id
 * holds `_manual`, which keeps the two kinds apart.
 */
export function executionIdOf(playbookId: string, slot: Date | null, newId: () => string): string {
  if (slot === null) return `${playbookId}_manual_${newId()}`;
  return `${playbookId}_${slot.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
}
