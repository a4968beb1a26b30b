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
  ['ann@evil-example.com', ['@example.com'], 'may not be written to'],
  ['ann@sub.example.com', ['@example.com'], 'may not be written to'],
  ['bob@example.com', ['ann@example.com'], 'may not be written to'],
  ['ann', [], 'is not a mail address'],
  ['a@example.com,b@example.com', ['@example.com'], 'is not a mail address'],
  ['ann@example.com\r\nBcc: x@y.example', [], 'is not a mail address'],
])('%j may not where %j may', (address, allowed, expected) => {
  expect(addressProblem(address, allowed)).toContain(expected);
});
