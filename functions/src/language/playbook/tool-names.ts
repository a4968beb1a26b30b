/** What fields of a tool's input name, for the checks of a playbook. */
export interface ToolNames<Field extends string = string> {
  /** The address (URL) that is called; a header or a body beside it may hold `secret://NAME`. */
  readonly address?: Field;
}
