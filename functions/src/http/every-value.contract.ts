import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, openEndingWorld, type EndingWorld } from '#testing/runner/ending-world.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';

/** Values that some database, or some part of ours, would not take, against the built function, on any database. */
export function describeEveryValue(openDatabase: () => RunnerDatabase): void {
  describe('an execution', () => {
    let world: EndingWorld;

    beforeAll(async () => {
      world = await openEndingWorld(openDatabase);
    }, 60_000);

    afterAll(() => world.close());

    test.each(HALF_CHARACTERS)(
      'of which a field becomes half of a character (%s) fails there, says so, and people are told',
      async (name, expression) => {
        const subject = `ops_end_subject_${name}`;
        const title = `ops_end_title_${name}`;
        const value = `\${{ ${expression} }}`;
        const told = { type: 'notify', channels: ['dashboard'], subject: value, body: 'x', onFailure: 'continue' };
        const asked = { type: 'create_thread', kind: 'note', assignee: 'operator', title: value, body: 'x' };
        const alerts = { channels: ['dashboard'] };
        await world.seed(
          { id: subject, name: subject, alerts, steps: [{ id: 'tell', ...told }] },
          { id: title, name: title, alerts, steps: [{ id: 'ask', ...asked }] },
        );

        for (const id of [subject, title]) {
          const answer = await world.delivered(id);

          expect(answer.httpStatus).toBe(500);
          expect(failureOf(await world.recorded(id))).toMatchObject({
            code: 'input_invalid',
            message: expect.stringContaining('half of a character'),
          });
          expect(await world.alertsOf(id)).toBe(1);
        }
      },
    );

    test('that measures half of a character ends, and people are told of what it measured', async () => {
      const criteria = [{ id: 'first', value: "'😀'.charAt(0)", ok: "value == 'a'", alert: "value != 'a'" }];
      const note = { id: 'note', type: 'create_thread', kind: 'note', assignee: 'operator', title: 'T', body: 'B' };
      const alerts = { channels: ['dashboard'] };
      await world.seed({ id: 'ops_end_criterion', name: 'Criterion', alerts, steps: [note], criteria });

      expect((await world.delivered('ops_end_criterion')).httpStatus).toBe(200);

      expect(await world.recorded('ops_end_criterion')).toMatchObject({
        status: 'succeeded',
        criteria: [{ band: 'alert' }],
      });
      expect(await world.alertsOf('ops_end_criterion')).toBe(1);
    });

    test.each(HOSTILE_BODIES)(
      'that is given %s ends, and says why where it fails',
      async (_, body) => {
        const id = `ops_end_body_${HOSTILE_BODIES.findIndex(([, other]) => other === body)}`;
        const url = `${world.api.url}/${id}`;
        await world.seed({
          id,
          name: id,
          alerts: { channels: ['dashboard'] },
          steps: [
            { id: 'get', type: 'tool_call', tool: 'httpRequest', with: { url } },
            {
              id: 'post',
              type: 'tool_call',
              tool: 'httpRequest',
              with: { method: 'POST', url, body: '${{ steps.get.output.body }}' },
            },
            {
              id: 'note',
              type: 'create_thread',
              kind: 'note',
              assignee: 'operator',
              title: 'A ${{ toJson(steps.get.output.body).substring(0, 3) }}',
              body: 'B',
            },
          ],
          criteria: [
            { id: 'text', value: 'toJson(steps.get.output.body).substring(0, 3)', ok: 'true', alert: 'false' },
          ],
        });
        world.onCall = async () => body;

        const answer = await world.delivered(id);

        const execution = await world.recorded(id);
        expect(execution?.status).toMatch(/^(succeeded|failed)$/);
        expect(answer.body.status).toBe(execution?.status);
        expect(failureOf(execution)?.code).not.toBe('internal');
        expect(failureOf(execution)?.message ?? 'It did not fail, so that there is nothing to say.').toMatch(/.{20}/);
        expect(await world.alertsOf(id)).toBe(execution?.status === 'failed' ? 1 : 0);
      },
      30_000,
    );
  });
}

/** Ways in which an expression cuts an emoji in two. */
const HALF_CHARACTERS: readonly (readonly [string, string])[] = [
  ['substring', "'Anna Maria Schmidt 🌸🌸 Blumen'.substring(0, 20)"],
  ['split', "'😀'.split('')[0]"],
  ['replace', "'a😀b'.replace('', '.')"],
  ['char_at', "'😀'.charAt(0)"],
];

/** Answers that some database, or some part of ours, would not take as they are. */
const HOSTILE_BODIES: readonly (readonly [string, string])[] = [
  ['a field __proto__', '{"__proto__":{"polluted":true},"a":1}'],
  ['reserved names', '{"__name__":1,"__x__":{"__y__":[1]}}'],
  ['an empty name and one of 3,000 characters', `{"":1,"${'k'.repeat(3_000)}":2}`],
  ['a lone surrogate', '{"a":"x\\ud83d","b":["\\udc00"]}'],
  ['a lone surrogate as a name', '{"\\ud83d":1}'],
  ['text that begins with half of a pair', '"\\ud83d\\ude00\\ud83d"'],
  ['45,000 names', JSON.stringify(Object.fromEntries(Array.from({ length: 45_000 }, (_, i) => [`n${i}`, i])))],
  ['5,000 levels', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['a number beyond all numbers', '{"n":1e400}'],
  ['text like a reference', '{"a":"@projects/x","b":"secret://CRON_SECRET","c":"${{ now }}"}'],
  ['lists in lists', '[[[1,[2]],[]],[[]]]'],
  ['a NUL and other controls', '{"a":"\\u0000\\u001b[31m","\\u0000":1}'],
  ['dots, slashes and backticks in names', '{"a.b/c`d":{"..":1,".":2}}'],
];
