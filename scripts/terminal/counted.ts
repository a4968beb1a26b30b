/** A number with its noun: `1 playbook`, `2 playbooks`. Give `plural` where it is not the noun with an `s`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
