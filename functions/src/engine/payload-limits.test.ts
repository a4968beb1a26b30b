import { describe, expect, test } from 'vitest';
import type { Json } from '#core/json.ts';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';

const KB_32 = 32 * 1024;
const MB_5 = 5 * 1024 * 1024;

/** A text of this character whose JSON takes so many bytes; the rest of a character is filled with `x`. */
function textOf(bytes: number, character: string): string {
  const size = Buffer.byteLength(character);
  const count = Math.floor((bytes - 2) / size);
  return character.repeat(count) + 'x'.repeat(bytes - 2 - count * size);
}

async function attemptThatLeaves(value: Json) {
  const world = openEngineWorld([scripted('leave', () => value)]);
  await world.run(aPlaybook([{ id: 'one', type: 'leave' }]));
  const execution = ended(await world.recorded());
  return { execution, attempt: execution.steps['one']?.attempts[0] };
}

describe('an output', () => {
  const characters = ['x', 'é', '漢', '🙂'];

  test.each(
    characters.flatMap((character) => [KB_32 - 1, KB_32, KB_32 + 1].map((bytes) => [character, bytes] as const)),
  )('of %s is in the record up to 32 KB, in bytes and not in characters: %i bytes', async (character, bytes) => {
    const value = textOf(bytes, character);
    const { attempt } = await attemptThatLeaves(value);

    if (attempt?.status !== 'succeeded') throw new Error('It failed.');
    expect(attempt.output).toEqual(bytes <= KB_32 ? value : undefined);
    expect(attempt.outputRef?.bytes).toEqual(bytes <= KB_32 ? undefined : bytes);
  });

  test.each(['x', 'é'].flatMap((character) => [MB_5, MB_5 + 1].map((bytes) => [character, bytes] as const)))(
    'of %s may take 5 MB, in bytes and not in characters: %i bytes',
    async (character, bytes) => {
      const { execution, attempt } = await attemptThatLeaves(textOf(bytes, character));

      expect([execution.status, attempt?.status]).toEqual(
        bytes <= MB_5 ? ['succeeded', 'succeeded'] : ['failed', 'failed'],
      );
    },
  );

  test.each([
    [4_096, true],
    [4_097, false],
  ])('of %i numbers counts as what the database takes for it, not as its JSON', async (count, isInline) => {
    const { attempt } = await attemptThatLeaves(Array.from({ length: count }, () => 0));

    expect(attempt?.status === 'succeeded' && attempt.output !== undefined).toBe(isInline);
  });
});

describe('an input', () => {
  test.each(['x', 'é', '漢', '🙂'].flatMap((character) => [-1, 0, 1].map((more) => [character, more] as const)))(
    'of %s is recorded whole up to 32 KB, in bytes and not in characters: %i more',
    async (character, more) => {
      const field = Buffer.byteLength('{"with":}');
      const value = textOf(KB_32 + more - field, character);
      const world = openEngineWorld([scripted('take', () => null)]);

      await world.run(aPlaybook([{ id: 'one', type: 'take', with: value }]));

      const input = ended(await world.recorded()).steps['one']?.attempts[0]?.input;
      const shortened = { truncated: true, bytes: KB_32 + more, preview: expect.stringMatching(/^\{"with":"/) };
      expect(input).toEqual(more <= 0 ? { with: value } : shortened);
    },
  );
});
