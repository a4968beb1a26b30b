import { describe, expect, test } from 'vitest';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { historyScript, troublesAt, type Trouble } from './history-script.ts';
import { secretNamesIn } from '#language/settings/integrations.ts';

const NOW = new Date('2026-11-20T14:05:00.000Z');
const HOUR_MS = 3_600_000;

const hoursOf = ({ from, until }: Trouble): number => (until.getTime() - from.getTime()) / HOUR_MS;

describe('the script of what went wrong', () => {
  test('ends with an outage of more than three hours in every history of two days', () => {
    const outages = historyScript(NOW, 2).filter(({ kind }) => kind === 'integration_off');
    expect(outages.map(hoursOf)).toEqual([4, 1, 1]);
  });

  test('includes every kind of trouble in thirty days', () => {
    expect(new Set(historyScript(NOW, 30).map(({ kind }) => kind))).toEqual(
      new Set(['integration_off', 'integration_slow', 'secret_missing', 'orders_unmapped', 'paused']),
    );
  });

  test('is within the requested days, and over by now', () => {
    for (const days of [1, 3, 30, 90]) {
      const script = historyScript(NOW, days);
      expect(script.every(({ from }) => from.getTime() >= NOW.getTime() - days * 24 * HOUR_MS)).toBe(true);
      expect(script.every(({ until }) => until < NOW)).toBe(true);
    }
  });

  test('is the same for the same instant, and in chronological order', () => {
    const script = historyScript(NOW, 90);
    expect(historyScript(NOW, 90)).toEqual(script);
    expect(script).toEqual(script.toSorted((a, b) => a.from.getTime() - b.from.getTime()));
  });

  test('slows one integration down during the working hours of a week', () => {
    const slow = historyScript(NOW, 30).filter(
      (trouble) => 'latencyMs' in trouble && trouble.integration === 'cannpay',
    );
    expect(slow.map(({ from }) => from.toISOString().slice(0, 16))).toEqual(
      ['09', '10', '11', '12', '13'].map((day) => `2026-11-${day}T13:30`),
    );
  });

  test.each(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'])(
    'loses the orders on a whole working day, seen from %s',
    (today) => {
      const lost = historyScript(new Date(`${today}T14:05:00.000Z`), 30).filter(
        ({ kind }) => kind === 'orders_unmapped',
      );
      expect(lost.map(({ from }) => [0, 6].includes(from.getUTCDay()))).toEqual([false]);
      expect(lost.map(hoursOf)).toEqual([24]);
    },
  );

  test('names integrations, secrets, playbooks and people that exist', async () => {
    const { integrations, playbooks, people } = await projectDefinitions();
    const external = (integrations?.integrations ?? []).filter(({ kind }) => kind === 'external');
    const known = {
      integration_off: external.map(({ id }) => id),
      integration_slow: external.map(({ id }) => id),
      secret_missing: external.flatMap(({ headers }) => secretNamesIn(headers)),
      paused: playbooks.map(({ playbook }) => playbook.id),
    };
    const mailboxes = Object.values(people?.roles ?? {}).flat();
    const unknown = historyScript(NOW, 90).filter((trouble) => {
      if (trouble.kind === 'orders_unmapped') return false;
      if (trouble.kind === 'secret_missing') return !known.secret_missing.includes(trouble.secret);
      if (trouble.kind !== 'paused') return !known[trouble.kind].includes(trouble.integration);
      return !known.paused.includes(trouble.playbookId) || !mailboxes.includes(trouble.by);
    });
    expect(unknown).toEqual([]);
  });

  test('applies from its beginning (included) to its end (excluded)', () => {
    const [trouble] = historyScript(NOW, 2);
    if (trouble === undefined) throw new Error('There is no trouble.');
    const at = (instant: Date) => troublesAt([trouble], instant).length;
    expect([at(new Date(trouble.from.getTime() - 1)), at(trouble.from), at(trouble.until)]).toEqual([0, 1, 0]);
  });
});
