import { expect, test } from 'vitest';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { refuseShort } from './refuse-short.ts';

test('a secret of seven characters is refused by name, and its value is not said', async () => {
  const got = refuseShort(secretsOf({ CRM_TOKEN: '1234567' })).get('CRM_TOKEN');

  await expect(got).rejects.toMatchObject({
    code: 'unconfigured',
    message: expect.stringMatching(/^CRM_TOKEN is shorter than 8 characters[^]*Replace it with a longer one\.$/),
  });
  await expect(got).rejects.not.toThrow('1234567');
});

test('a secret of eight characters is handed out, and one that is not set is undefined', async () => {
  const secrets = refuseShort(secretsOf({ CRM_TOKEN: '12345678' }));

  expect(await secrets.get('CRM_TOKEN')).toBe('12345678');
  expect(await secrets.get('OTHER')).toBeUndefined();
  expect(secrets.known()).toEqual(['12345678']);
});
