import { describe, expect, test } from 'vitest';
import { Integration } from '#language/settings/integrations.ts';
import { answerProblem } from './integration-answer.ts';

const { expect: expected } = Integration.parse({
  id: 'hubspot',
  name: 'HubSpot',
  group: 'CRM',
  kind: 'external',
  url: 'https://api.example.com/health',
  expect: { body: { 'account.state': 'active', 'regions.0': 'eu' } },
});
const GOOD = { account: { state: 'active' }, regions: ['eu', 'us'] };

function problemWith(body: unknown, changes: { readonly status?: number; readonly type?: string } = {}) {
  const { status = 200, type = 'application/json; charset=utf-8' } = changes;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = {
    status,
    headers: { 'content-type': type },
    body: text,
    durationMs: 10,
    url: 'https://api.example.com',
  };
  return answerProblem(response, expected, 'GET');
}

describe('the answer of an integration', () => {
  test('is correct when status, type and values are as expected', () => {
    expect(problemWith(GOOD)).toBeUndefined();
    expect(problemWith(GOOD, { type: 'application/vnd.api+json' })).toBeUndefined();
  });

  test('is a problem when it is a login page with status 200', () => {
    const problem = problemWith('<!doctype html><title>Sign in</title>', { type: 'text/html' });
    expect(problem).toMatch(/text\/html instead of application\/json/);
  });

  test('is a problem when it declares a login page as JSON', () => {
    expect(problemWith('<!doctype html><title>Sign in</title>')).toMatch(/not JSON/);
    expect(problemWith('')).toMatch(/not JSON/);
  });

  test.each([
    { error: 'invalid_grant' },
    { error: { code: 500 } },
    { errors: [{ message: 'quota' }] },
    { ok: false },
    { success: false },
    { status: 'error' },
    { status: 'DOWN' },
  ])('is a problem when its body reports an error: %j', (sign) => {
    expect(problemWith({ ...GOOD, ...sign })).toMatch(/body reports a failure/);
  });

  test.each([{ error: null }, { error: '' }, { errors: [] }, { ok: true }, { status: 'ok' }])(
    'is correct when its body reports no error: %j',
    (sign) => {
      expect(problemWith({ ...GOOD, ...sign })).toBeUndefined();
    },
  );

  test('is a problem when a value is different or missing, and says which', () => {
    expect(problemWith({ ...GOOD, account: { state: 'suspended' } })).toMatch(
      /account.state is "suspended" instead of "active"/,
    );
    expect(problemWith({ account: GOOD.account })).toMatch(/regions.0 is missing/);
    expect(problemWith([1, 2])).toMatch(/account.state is missing/);
  });

  test('is a problem when the status is different, and says if credentials are the cause', () => {
    expect(problemWith(GOOD, { status: 204 })).toMatch(/status 204 instead of 200/);
    expect(problemWith({}, { status: 401 })).toMatch(/refuses our credentials/);
    expect(problemWith({}, { status: 403 })).toMatch(/refuses our credentials/);
    expect(problemWith({}, { status: 429 })).toMatch(/too many requests/);
  });
});
