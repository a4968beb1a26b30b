import { describe, expect, test } from 'vitest';
import { loadExecution } from '#records/executions/executions.ts';
import { aCall, authorized, openRunner } from '#testing/runner/open-runner.ts';

const inputs = {
  days: { type: 'number', integer: true, min: 1, max: 90, default: 7 },
  note: { type: 'string', maxLength: 10 },
} as const;

function byHand(said: unknown) {
  return aCall({ headers: authorized, body: typeof said === 'string' ? said : JSON.stringify(said) });
}

describe('a manual call', () => {
  test('runs with what it says, under the id that it names', async () => {
    const seen: unknown[] = [];
    const runner = openRunner({ inputs, does: (given, { onlyTo }) => seen.push([given, onlyTo]) });

    const reply = await runner.answer(
      byHand({ requestId: 'abcd-1234', by: 'Ann', inputs: { days: '30' }, onlyTo: ' Ann@Example.com ' }),
    );

    expect(reply).toMatchObject({ status: 200, body: { executionId: 'ops_test_manual_abcd-1234' } });
    expect(seen).toEqual([[{ days: 30, note: null }, 'ann@example.com']]);
    expect(await loadExecution(runner.documents, 'ops_test_manual_abcd-1234')).toMatchObject({
      slot: null,
      trigger: { kind: 'manual', by: 'Ann' },
      inputs: { days: 30, note: null },
      onlyTo: 'ann@example.com',
    });
  });

  test.each(['', '{}', ' {\n} '])('that says %j takes the defaults, and tells everybody', async (body) => {
    const runner = openRunner({ inputs });

    const reply = await runner.answer(byHand(body));

    const execution = await loadExecution(runner.documents, String(reply.body['executionId']));
    expect(execution).toMatchObject({ trigger: { kind: 'manual' }, inputs: { days: 7, note: null } });
    expect(execution).not.toHaveProperty('onlyTo');
  });

  test('that is made twice is one execution, and the second answer says that it repeats the first', async () => {
    let runs = 0;
    const runner = openRunner({ inputs, does: () => (runs += 1) });

    const first = await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 30 } }));
    const second = await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 30 } }));

    expect([runs, second]).toEqual([1, { ...first, body: { ...first.body, repeated: true } }]);
  });

  test('that repeats a request id with another request is answered 409 also where nothing may begin', async () => {
    const runner = openRunner({ inputs, record: { enabled: false } });
    await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 30 } }));

    const reply = await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 7 } }));

    expect([reply.status, reply.body['code']]).toEqual([409, 'request_id_taken']);
  });

  test.each([
    ['other inputs', { inputs: { days: 7 } }],
    ['another person', { inputs: { days: 30 }, by: 'bob@example.com' }],
    ['another recipient', { inputs: { days: 30 }, onlyTo: 'bob@example.com' }],
  ])('that repeats a request id with %s is answered 409, and nothing runs', async (_, said) => {
    let runs = 0;
    const runner = openRunner({ inputs, does: () => (runs += 1) });
    await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 30 } }));

    const reply = await runner.answer(byHand({ requestId: 'abcd-1234', ...said }));

    expect([runs, reply.status, reply.body['error']]).toEqual([1, 409, expect.stringContaining('another request id')]);
  });

  test('that is made again while it runs is answered 202', async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const runner = openRunner({ does: () => (begun.resolve(), end.promise.then(() => 1)) });

    const first = runner.answer(byHand({ requestId: 'abcd-1234' }));
    await begun.promise;
    const second = await runner.answer(byHand({ requestId: 'abcd-1234' }));
    end.resolve();

    expect([second.status, second.body['executionId']]).toEqual([202, 'ops_test_manual_abcd-1234']);
    expect((await first).status).toBe(200);
  });

  test('of a playbook that is paused is recorded as skipped, with what it says', async () => {
    const runner = openRunner({ inputs, record: { pause: { reason: 'Holidays', until: null, by: 'ann' } } });

    const reply = await runner.answer(byHand({ requestId: 'abcd-1234', inputs: { days: 30 } }));

    expect(reply.body).toMatchObject({ status: 'skipped', reason: 'paused' });
    expect(await loadExecution(runner.documents, 'ops_test_manual_abcd-1234')).toMatchObject({ inputs: { days: 30 } });
  });

  test.each<[string, unknown, string]>([
    ['is not JSON', 'hello', 'It is not valid JSON.'],
    ['is a list', [], 'This must be an object with fields, but it is a list.'],
    ['names a field twice', '{"by":"a","b\\u0079":"b"}', 'The name "by" occurs twice in one object.'],
    ['holds a number beyond all numbers', '{"inputs":{"days":1e400}}', 'larger than 1.8e308'],
    ['is such a number', '1e999', 'larger than 1.8e308'],
    ['has a field __proto__', '{"__proto__":{"by":"Ann"}}', 'The name "__proto__"'],
    ['gives an input __proto__', '{"inputs":{"__proto__":{"days":5}}}', 'The name "__proto__"'],
    ['gives an input that every object has', '{"inputs":{"constructor":1}}', "Unknown input 'constructor'"],
    ['nests too deep', { inputs: { a: [[[[[[[1]]]]]]] } }, 'It nests more than 8 deep.'],
    ['names an unknown field', { input: {} }, "input: Unknown field 'input'. Did you mean 'inputs'?"],
    ['has a request id that is too short', { requestId: 'abc' }, "'abc' is not a request id; write 8 to 64 letters"],
    ['has a request id that is a path', { requestId: '../../ops_control' }, 'is not a request id'],
    ['has a name of two lines', { by: 'Ann\nBob' }, 'by: A name must be one line'],
    ['has a name without end', { by: 'a'.repeat(201) }, 'by: This must have at most 200 characters.'],
    ['gives inputs as a list', { inputs: [] }, 'inputs: This must be an object with fields'],
    ['gives an unknown input', { inputs: { dayz: 1 } }, "Unknown input 'dayz'. Did you mean 'days'?"],
    [
      'gives a number that is too large',
      { inputs: { days: 91 } },
      'days must be a whole number from 1 to 90, but is 91.',
    ],
    [
      'is meant for somebody who is not allowed',
      { onlyTo: 'eve@evil.example' },
      '"eve@evil.example" is not an allowed recipient',
    ],
    ['is meant for two', { onlyTo: 'a@example.com,b@example.com' }, 'is not a valid mail address'],
  ])('that %s is told so, and nothing is written', async (_, said, expected) => {
    const runner = openRunner({ inputs });
    runner.documents.reset();

    const reply = await runner.answer(byHand(said));

    expect([reply.status, reply.body['error']]).toEqual([400, expect.stringContaining(expected)]);
    expect(runner.documents.counts().writes).toBe(0);
  });

  test('that is no text is told so', async () => {
    const runner = openRunner();

    const reply = await runner.answer({ ...byHand(''), body: async () => Uint8Array.of(0x1f, 0x8b, 0xff) });

    expect(reply).toMatchObject({ status: 400, body: { error: 'The body must be text in UTF-8, not compressed.' } });
  });

  test('of a stranger is not even read', async () => {
    const reply = await openRunner().answer(aCall({ headers: {}, body: '{"by":' }));

    expect(reply.status).toBe(401);
  });
});

describe('a scheduled call', () => {
  test('takes the defaults', async () => {
    const runner = openRunner({ inputs });

    const reply = await runner.answer(aCall());

    const execution = await loadExecution(runner.documents, String(reply.body['executionId']));
    expect(execution?.inputs).toEqual({ days: 7, note: null });
  });

  test('says nothing else: a body that gives inputs is refused', async () => {
    const reply = await openRunner({ inputs }).answer(aCall({ body: '{"inputs":{"days":30}}' }));

    expect(reply).toMatchObject({ status: 400, body: { error: expect.stringContaining('must be empty or {}') } });
  });
});
