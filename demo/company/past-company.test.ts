import { describe, expect, test } from 'vitest';
import type { DocumentData } from '#ports/documents/documents.ts';
import { company } from './company.ts';
import { companyDocuments, pastCompany } from './past-company.ts';

const WEDNESDAY = new Date('2026-11-04T15:00:30.000Z');
const MONDAY = new Date('2026-11-02T14:00:30.000Z');
const SUNDAY = new Date('2026-11-01T23:00:00.000Z');
const DAY_MS = 86_400_000;

function of(collection: string, asOf: Date): readonly DocumentData[] {
  return pastCompany(asOf).flatMap(({ path, data }) => (path.startsWith(`${collection}/`) ? [data] : []));
}

function lastDay(collection: string, asOf: Date): number {
  return of(collection, asOf).filter(({ createdAt }) => {
    const age = createdAt instanceof Date ? asOf.getTime() - createdAt.getTime() : -1;
    return age >= 0 && age < DAY_MS;
  }).length;
}

function silentCustomers(asOf: Date): number {
  return of('users', asOf).filter(
    ({ status, role, lastLoginAt, lastOrderAt, lastCampaignAt }) =>
      status === 'active' &&
      role !== 'staff' &&
      [lastLoginAt, lastOrderAt, lastCampaignAt].some(
        (last) => !(last instanceof Date) || asOf.getTime() - last.getTime() >= 7 * DAY_MS,
      ),
  ).length;
}

describe('the demo company of the past', () => {
  test('has the documents that it has in the present', () => {
    const paths = companyDocuments(company(WEDNESDAY)).map(({ path }) => path);
    expect(pastCompany(WEDNESDAY).map(({ path }) => path)).toEqual(paths);
  });

  test('is the same for the same instant', () => {
    expect(pastCompany(MONDAY)).toEqual(pastCompany(MONDAY));
  });

  test('contains nothing that has not happened yet', () => {
    for (const asOf of [MONDAY, WEDNESDAY]) {
      const instants = pastCompany(asOf).flatMap(({ data }) =>
        Object.values(data).flatMap((value) => (value instanceof Date ? [value] : [])),
      );
      expect(instants.filter((instant) => instant > asOf)).toEqual([]);
    }
  });

  test('has few signups and orders on a weekend, but some', () => {
    expect(lastDay('users', SUNDAY)).toBeGreaterThan(0);
    expect(lastDay('users', SUNDAY)).toBeLessThan(lastDay('users', WEDNESDAY));
    expect(lastDay('orders', SUNDAY)).toBeLessThan(lastDay('orders', WEDNESDAY) / 1.5);
  });

  test('has different silent customers on different days, never enough for an alarm', () => {
    const counts = Array.from({ length: 32 }, (_, day) =>
      silentCustomers(new Date(WEDNESDAY.getTime() + day * DAY_MS)),
    );
    expect(new Set(counts).size).toBeGreaterThan(2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
  });
});
