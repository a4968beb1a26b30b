import { describe, expect, test } from 'vitest';
import { fromDocument, toDocument } from './document-json.ts';

describe('a part of a record that a document cannot contain unchanged', () => {
  test.each([
    [[[1, [2]], 'x']],
    [{ '': 1, __name__: 2 }],
    [{ $json: '[1]' }],
    [{ $json: 'not JSON' }],
    [JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)],
  ])('is read back unchanged: %j', (value) => {
    expect(fromDocument(toDocument(value))).toEqual(value);
  });

  test.each(['', 'no JSON', '{"a":', '['.repeat(200_000), `${'['.repeat(200_000)}${']'.repeat(200_000)}`])(
    'is shown as stored if it is damaged',
    (text) => {
      expect(fromDocument({ content: { $json: text } })).toEqual({ content: { $json: text } });
    },
  );
});
