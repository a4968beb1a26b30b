/** The fields of a tool's input that playbook checks need to know. */
export interface ToolNames<Field extends string = string> {
  /** The URL that is called; a header or body next to it may contain `secret://NAME`. */
  readonly address?: Field;
}
