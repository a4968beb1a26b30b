/** One part of a card. `mrkdwn`: Slack's marks, in which `<`, `>` and `&` are written as entities. */
export interface CardBlock {
  readonly as: 'heading' | 'mrkdwn' | 'note';
  readonly text: string;
}

/**
 * How the console shows a message as its reader got it. `page`: a whole page of HTML of our own making, and the same as
 * text. `card`: a post in a chat. `markdown`: the body as the console shows Markdown. What is long to make
 * is made when it is asked for.
 */
export type Preview =
  | { readonly kind: 'page'; html(): string; text(): string }
  | { readonly kind: 'card'; blocks(): readonly CardBlock[] }
  | { readonly kind: 'markdown' };

/** Where a message came from, as its reader was told. */
export interface MessageOrigin {
  readonly playbookName: string;
  readonly executionId: string;
  /** Hosts whose links stay links. */
  readonly allowedLinkHosts: readonly string[];
}
