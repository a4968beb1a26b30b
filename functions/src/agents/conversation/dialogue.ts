import type { ModelContent, ModelMessage, ModelReply } from '#ports/language-model.ts';

/** The messages of a conversation with a model so far. */
export interface Dialogue {
  messages(): readonly ModelMessage[];
  /** Tells the model something. */
  say(text: string): void;
  /** Answers the tools that the model called. */
  reply(content: readonly ModelContent[]): void;
  /** Keeps what the model said, every part as it came, in its order. */
  heard(reply: ModelReply): void;
}

/** A conversation that begins with `prompt`. The two sides take turns, as models expect it: what is said twice in a row is one message. */
export function openDialogue(prompt: string): Dialogue {
  const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: prompt }] }];

  function add(role: ModelMessage['role'], content: readonly ModelContent[]): void {
    const last = messages.at(-1);
    if (last?.role === role) messages[messages.length - 1] = { role, content: [...last.content, ...content] };
    else messages.push({ role, content });
  }
  return {
    messages: () => [...messages],
    say: (text) => add('user', [{ type: 'text', text }]),
    reply: (content) => add('user', content),
    heard({ content }) {
      // Empty texts are refused when they come back; what is left of a turn without them may be nothing.
      const said = content.filter((part) => part.type !== 'text' || part.text.trim() !== '');
      if (said.length > 0) add('assistant', said);
    },
  };
}
