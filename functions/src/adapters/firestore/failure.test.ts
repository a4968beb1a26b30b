import { expect, test } from 'vitest';
import { asDocumentsError, type Operation } from './failure.ts';

function thrown(code: number | string | undefined, message: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test.each<[string, number | string | undefined, string, Operation, string]>([
  ['a create of what exists', 6, 'entity already exists', 'commit', 'already_exists'],
  ['an update of what does not exist', 5, 'no entity to update', 'commit', 'not_found'],
  ['a precondition that does not hold', 9, 'the stored version does not match', 'commit', 'conflict'],
  ['too much contention', 10, 'Too much contention on these documents', 'commit', 'conflict'],
  ['the emulator’s word for a later version', 3, 'Invalid base version, it is greater', 'commit', 'conflict'],
  ['a document that is too large', 3, 'maximum entity size is 1048576 bytes', 'commit', 'invalid'],
  ['a query without its index', 9, 'The query requires an index', 'read', 'invalid'],
  ['a database that is not there, read', 5, 'The database (default) does not exist', 'read', 'unavailable'],
  ['a database that is not there, written', 5, 'The database (default) does not exist', 'commit', 'unavailable'],
  ['a missing permission', 7, 'Missing or insufficient permissions', 'commit', 'denied'],
  ['an unknown caller', 16, 'Request had invalid credentials', 'read', 'denied'],
  ['no credentials at all', undefined, 'Could not load the default credentials', 'read', 'denied'],
  ['a connection cut over REST', 'ECONNRESET', 'socket hang up', 'commit', 'unavailable'],
  ['a server out of reach', 14, 'No connection established', 'commit', 'unavailable'],
  ['an exhausted quota', 8, 'Quota exceeded', 'commit', 'unavailable'],
  ['a deadline of the SDK', 4, 'Deadline exceeded', 'read', 'unavailable'],
  ['a status that is new to us', 99, 'strange', 'commit', 'unavailable'],
])('%s', (_name, status, message, operation, code) => {
  const error = asDocumentsError(thrown(status, message), operation, 'writing c/a');
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test.each<[string, number, string, Operation, RegExp]>([
  [
    'a missing permission',
    7,
    '7 PERMISSION_DENIED: Missing or insufficient permissions.',
    'read',
    /role Cloud Datastore User/,
  ],
  ['an exhausted quota', 8, '8 RESOURCE_EXHAUSTED: Quota exceeded.', 'commit', /quotas and the budget/],
  [
    'a query without its index',
    9,
    '9 FAILED_PRECONDITION: The query requires an index. You can create it here: https://console.firebase.google.com/x',
    'read',
    /console\.firebase\.google\.com\/x Deploy firestore\.indexes\.json\.$/,
  ],
  [
    'a database that is not there',
    5,
    '5 NOT_FOUND: The database shop does not exist for project x',
    'commit',
    /Create it, or set another one/,
  ],
])('%s is said in the words of Firestore, with what to do', (_name, status, message, operation, says) => {
  const error = asDocumentsError(thrown(status, message), operation, 'writing c/a');
  expect(error.message).toContain(message);
  expect(error.message).toMatch(says);
});

test('what stands in later lines of a message is kept', () => {
  const said = 'Getting metadata from plugin failed with error:\n  invalid_grant: Token has been expired.';
  expect(asDocumentsError(new Error(said), 'read', 'reading c/a').message).toContain('invalid_grant: Token has been');
});

test('only a commit may have been applied all the same', () => {
  expect(asDocumentsError(thrown(14, 'gone'), 'commit', 'writing c/a').mayBeApplied).toBe(true);
  expect(asDocumentsError(thrown(14, 'gone'), 'read', 'reading c/a').mayBeApplied).toBe(false);
  expect(asDocumentsError(thrown(9, 'changed'), 'commit', 'writing c/a').mayBeApplied).toBe(false);
});
