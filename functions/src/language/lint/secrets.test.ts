import { expect, test } from 'vitest';
import { secretProblems } from './secrets.ts';

const headers = { authorization: 'Bearer secret://PARTNER_TOKEN' };

test.each([
  ['all of it', '${{ steps.find.output.url }}'],
  ['the host', 'https://${{ steps.find.output.host }}/orders'],
  ['the end of the host', 'https://api.example${{ steps.find.output.end }}/orders'],
  ['what follows the host without a slash', 'https://api.example.com${{ steps.find.output.path }}'],
])('an address that takes %s from data is refused where a secret goes along', (_, url) => {
  expect(secretProblems({ url, headers }, 'url', ['steps', 0, 'with'])).toMatchObject([
    { path: ['steps', 0, 'with', 'url'] },
  ]);
});

test.each([
  ['written out', 'https://api.example.com/orders'],
  ['written out up to its path', 'https://api.example.com/orders/${{ steps.find.output.id }}'],
  ['without a path', 'https://api.example.com'],
  ['with a port', 'http://127.0.0.1:4400/orders?x=${{ now }}'],
])('an address that is %s may be sent a secret', (_, url) => {
  expect(secretProblems({ url, headers }, 'url', [])).toEqual([]);
});

test('an address from data is fine where no secret goes along', () => {
  expect(secretProblems({ url: '${{ steps.find.output.url }}' }, 'url', [])).toEqual([]);
});

test('a tool that calls no address may be given whatever its schema takes', () => {
  expect(secretProblems({ url: '${{ steps.find.output.url }}', headers }, undefined, [])).toEqual([]);
});
