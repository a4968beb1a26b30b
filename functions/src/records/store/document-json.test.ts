import { describe, expect, test } from 'vitest';
import { fromDocument, toDocument } from './document-json.ts';

describe('a part of a record that a document cannot hold as it is', () => {
  test.each([
    [[[1, [2]], 'x']],
    [{ '': 1, __name__: 2 }],
    [{ $json: '[1]' }],
    [{ $json: 'not JSON' }],
    [JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)],
  ])('comes back as it was: %j', (value) => {
    expect(fromDocument(toDocument(value))).toEqual(value);
  });

  test.each(['', 'no JSON', '{"a":', '['.repeat(200_000), `${'['.repeat(200_000)}${']'.repeat(200_000)}`])(
    'is shown as it stands there when it was damaged since',
    (text) => {
      expect(fromDocument({ content: { $json: text } })).toEqual({ content: { $json: text } });
    },
  );
});
