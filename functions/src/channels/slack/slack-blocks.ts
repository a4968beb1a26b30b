import type { StepContext } from '#language/playbook/step-type.ts';
import type { Message } from '../channel.ts';
import { cut } from '#core/cut.ts';
import { escapeSlack, toSlack, toText } from '../markdown/markdown.ts';

const SECTION_LENGTH = 3000;
const SECTIONS = 46;
/** Slack accepts 150; the marks of priority and of a resend also need space. */
const SUBJECT_LENGTH = 130;
const FALLBACK_LENGTH = 3000;

const MARKS = { low: '', normal: '', high: '🔴 ' } as const;

/** A message in Slack's format; `text` is for notifications, which do not show blocks. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}

/**
 * A message in Slack's blocks: subject, body and origin. What exceeds Slack's 50 blocks of 3,000 characters is omitted, with a
 * note. `mark` follows the subject, like `(resend)`.
 */
export function slackMessage(
  message: Message,
  context: Pick<StepContext, 'playbookName' | 'executionId'>,
  { allowedLinkHosts, mark }: { readonly allowedLinkHosts: readonly string[]; readonly mark: string },
): SlackMessage {
  const subject = `${MARKS[message.priority]}${cut(message.subject, SUBJECT_LENGTH)}${mark}`;
  const sections = sectionsOf(toSlack(message.body, { allowedLinkHosts }));
  const left = sections.slice(SECTIONS);
  const rest = left.reduce((sum, section) => sum + section.length, 0);
  const origin = `${message.priority === 'normal' ? '' : `Priority: ${message.priority} · `}${context.playbookName} · ${context.executionId}`;
  return {
    text: escapeSlack(cut(`${subject}\n${toText(message.body)}`, FALLBACK_LENGTH)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: subject } },
      ...sections.slice(0, SECTIONS).map(section),
      ...(rest === 0
        ? []
        : [
            section(`_${rest} more characters do not fit here; the notification of this execution has the full text._`),
          ]),
      { type: 'context', elements: [{ type: 'plain_text', text: cut(origin, 1000, 500) }] },
    ],
  };
}

/** `verbatim`: Slack does not turn parts of the text into links and mentions. */
function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Combines blocks of text into as few sections as possible. */
function sectionsOf(blocks: readonly string[]): readonly string[] {
  const sections: string[] = [];
  let current = '';
  for (const part of blocks.flatMap(split)) {
    const joined = current === '' ? part : `${current}\n\n${part}`;
    if (joined.length <= SECTION_LENGTH) {
      current = joined;
    } else {
      sections.push(current);
      current = part;
    }
  }
  return current === '' ? sections : [...sections, current];
}

const FENCE = '```';

/** Splits a block that is too long for a section, at line breaks if possible; code stays code. */
function split(block: string): readonly string[] {
  if (block.length <= SECTION_LENGTH) return [block];
  const isCode = block.startsWith(`${FENCE}\n`) && block.endsWith(`\n${FENCE}`);
  const inner = isCode ? block.slice(FENCE.length + 1, -FENCE.length - 1) : block;
  const max = SECTION_LENGTH - 2 * (FENCE.length + 1);
  const parts: string[] = [];
  let rest = inner;
  while (rest.length > max) {
    const at = cutAt(rest, max);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n/, '');
  }
  parts.push(rest);
  return isCode ? parts.map((part) => `${FENCE}\n${part}\n${FENCE}`) : parts;
}

/** The best place to cut at or before `max`: after a line, else after a word; never inside an entity, a link or a character. */
function cutAt(text: string, max: number): number {
  const window = text.slice(0, max);
  const line = window.lastIndexOf('\n');
  if (line > max / 2) return line;
  const whole = window.replace(/&[a-z]*$|<[^<>]*$|[\ud800-\udbff]$/, '').length;
  const word = window.slice(0, whole).lastIndexOf(' ');
  return Math.max(1, word > max / 2 ? word + 1 : whole);
}
