import { expect, test } from 'vitest';
import { addressProblem } from './mail-address.ts';

test.each([
  ['ann@example.com', []],
  ['Ann@Example.com', ['ann@example.com']],
  ['ann@example.com', ['@EXAMPLE.com']],
])('%s may be written to where %j may', (address, allowed) => {
  expect(addressProblem(address, allowed)).toBeUndefined();
});

test.each([
  ['ann@evil-example.com', ['@example.com'], 'is not an allowed recipient'],
  ['ann@sub.example.com', ['@example.com'], 'is not an allowed recipient'],
  ['bob@example.com', ['ann@example.com'], 'is not an allowed recipient'],
  ['ann', [], 'is not a valid mail address'],
  ['a@example.com,b@example.com', ['@example.com'], 'is not a valid mail address'],
  ['ann@example.com\r\nBcc: x@y.example', [], 'is not a valid mail address'],
])('%j may not where %j may', (address, allowed, expected) => {
  expect(addressProblem(address, allowed)).toContain(expected);
});
