import type { ModelContent, ModelMessage, ModelReply } from '#ports/language-model.ts';

/** The messages so far of a conversation with a model. */
export interface Dialogue {
  messages(): readonly ModelMessage[];
  /** Adds a text for the model. */
  say(text: string): void;
  /** Answers the tools that the model called. */
  reply(content: readonly ModelContent[]): void;
  /** Adds the model's reply, every part as received, in order. */
  heard(reply: ModelReply): void;
}

/**
 * A conversation that begins with `prompt`. The two sides alternate, as models expect: two texts in a row become one
 * message.
 */
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
      // Models refuse empty texts that are sent back; without them, a turn may be empty.
      const said = content.filter((part) => part.type !== 'text' || part.text.trim() !== '');
      if (said.length > 0) add('assistant', said);
    },
  };
}
