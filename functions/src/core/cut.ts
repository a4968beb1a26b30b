/** At most `maxChars` of the text (UTF-16), of which the last is `…` where something was cut. Never half a character. */
export function cut(text: string, maxChars: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= maxChars) return whole;
  return `${whole.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
