import { describe, expect, test } from 'vitest';
import { isKnownCaller, type Callers } from './authorise.ts';
import type { RunnerRequest } from './request.ts';

const SECRET = 'current-secret-of-thirty-two-bytes';
const TOKEN = 'a.valid.token';

function request(headers: RunnerRequest['headers']): RunnerRequest {
  const body = async () => expect.unreachable('the body was read');
  return { method: 'POST', query: new URLSearchParams(), headers, body };
}

/** Whether a caller with these headers is known, and the tokens that were verified for it. */
async function asked(headers: RunnerRequest['headers'], over: Partial<Callers> = {}) {
  const verified: string[] = [];
  const verifyToken = async (token: string): Promise<boolean> => {
    verified.push(token);
    return token === TOKEN;
  };
  return { known: await isKnownCaller(request(headers), { secrets: [SECRET], verifyToken, ...over }), verified };
}

describe('the header Authorization', () => {
  test.each([
    [`Bearer ${SECRET}`, true],
    [`xBearer ${SECRET}`, false],
    [` Bearer ${SECRET}`, false],
    [`x\nBearer ${SECRET}`, false],
    [`Bearer  ${SECRET}`, false],
    [`Bearer\t${SECRET}`, false],
    [`Bearer ${SECRET} `, false],
    [`Bearer ${SECRET}\n`, false],
    [`Bearer ${SECRET} x`, false],
    [`Bearer ${SECRET},`, false],
    [`Bearer ${SECRET}, Bearer ${SECRET}`, false],
    [`Bearer x${SECRET}`, false],
    [`bearer ${SECRET}`, false],
    [`Bearer${SECRET}`, false],
    [`Token ${SECRET}`, false],
    [SECRET, false],
    ['Bearer', false],
    ['Bearer ', false],
    ['', false],
  ])('%j opens: %s', async (authorization, known) => {
    expect((await asked({ authorization: [authorization] }, { verifyToken: undefined })).known).toBe(known);
  });

  test.each([[[]], [[`Bearer ${SECRET}`, `Bearer ${SECRET}`]], [[`Bearer ${SECRET}`, '']]])(
    'given %j does not open',
    async (authorization) => {
      expect(await asked({ authorization })).toEqual({ known: false, verified: [] });
    },
  );
});

describe('the header X-Cron-Secret', () => {
  test.each([
    [[SECRET], true],
    [[`${SECRET} `], false],
    [[` ${SECRET}`], false],
    [[`Bearer ${SECRET}`], false],
    [[SECRET.toUpperCase()], false],
    [[''], false],
    [[SECRET, SECRET], false],
    [[], false],
  ])('%j opens: %s', async (secret, known) => {
    expect(await asked({ 'x-cron-secret': secret })).toEqual({ known, verified: [] });
  });

  test.each([['authorization'], ['x-cron-secret']])('and no other opens: %s with the wrong name', async (name) => {
    expect(await asked({ [`${name}x`]: [`Bearer ${SECRET}`], [`x-${name}`]: [SECRET] })).toMatchObject({
      known: false,
    });
  });
});

describe('a secret that is not set', () => {
  test.each<readonly [readonly string[]]>([[[]], [['']], [['', '']]])('as %j opens to nobody', async (secrets) => {
    const headers: readonly RunnerRequest['headers'][] = [
      {},
      { authorization: ['Bearer '] },
      { authorization: [''] },
      { 'x-cron-secret': [''] },
      { 'x-cron-secret': ['undefined'] },
    ];
    for (const one of headers) expect((await asked(one, { secrets })).known).toBe(false);
  });

  test.each([0, 1, 2])('among others does not close for the one at place %i', async (place) => {
    const secrets = ['', 'another', ''].with(place, SECRET);

    expect(await asked({ authorization: [`Bearer ${SECRET}`] }, { secrets })).toMatchObject({ known: true });
  });
});

describe('a token', () => {
  test('opens if it is verified, and only the bearer is verified', async () => {
    expect(await asked({ authorization: [`Bearer ${TOKEN}`] })).toEqual({ known: true, verified: [TOKEN] });
    expect(await asked({ authorization: ['Bearer other'] })).toEqual({ known: false, verified: ['other'] });
    expect(await asked({ 'x-cron-secret': [TOKEN] })).toEqual({ known: false, verified: [] });
  });

  test('is not verified where a secret has opened already', async () => {
    const both = { authorization: [`Bearer ${TOKEN}`], 'x-cron-secret': [SECRET] };

    expect(await asked(both)).toEqual({ known: true, verified: [] });
  });

  test('opens nothing where tokens are not accepted', async () => {
    expect(await asked({ authorization: [`Bearer ${TOKEN}`] }, { verifyToken: undefined })).toMatchObject({
      known: false,
    });
  });
});
