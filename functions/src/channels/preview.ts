/** One part of a card. `mrkdwn`: Slack's markup, in which `<`, `>` and `&` are entities. */
export interface CardBlock {
  readonly as: 'heading' | 'mrkdwn' | 'note';
  readonly text: string;
}

/**
 * How the console shows a message as its reader received it. `page`: a complete HTML page that we generate, and its text
 * version. `card`: a post in a chat. `markdown`: the body as the console shows Markdown. Expensive parts are generated on
 * request.
 */
export type Preview =
  | { readonly kind: 'page'; html(): string; text(): string }
  | { readonly kind: 'card'; blocks(): readonly CardBlock[] }
  | { readonly kind: 'markdown' };

/** The origin of a message, as shown to its reader. */
export interface MessageOrigin {
  readonly playbookName: string;
  readonly executionId: string;
  /** Hosts whose links stay links. */
  readonly allowedLinkHosts: readonly string[];
}
