import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cyclesOf, type House, readHouse } from './house.ts';
import { housePicture } from './house-picture.ts';
import { houseText, verdict } from './house-text.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const imports = (...pairs: readonly (readonly [string, string])[]) => pairs.map(([from, target]) => ({ from, target }));

describe('files that import each other', () => {
  test('are found, however long the circle', () => {
    expect(cyclesOf(imports(['a', 'b'], ['b', 'c'], ['c', 'a'], ['d', 'a']))).toEqual([['a', 'b', 'c']]);
  });

  test('are reported circle by circle', () => {
    expect(cyclesOf(imports(['a', 'b'], ['b', 'a'], ['b', 'c'], ['c', 'd'], ['d', 'c']))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('are none if every import goes one way', () => {
    expect(cyclesOf(imports(['a', 'b'], ['a', 'c'], ['b', 'c']))).toEqual([]);
  });
});

describe('the graph as text', () => {
  const sound: House = {
    rooms: [{ name: 'core', files: ['functions/src/core/json.ts'], floor: 0, imports: new Map() }],
    upwards: [],
    cycles: [],
  };

  test('says that nothing is wrong, and how much was checked', () => {
    expect(verdict(sound)).toEqual([
      expect.stringMatching(/^1 files in 1 rooms on \d+ floors: no cycle, no arrow upwards\.$/),
    ]);
    expect(houseText(sound)).toContain('core (1)');
  });

  test('names a room without a floor, an import upwards and a circle', () => {
    const upwards = [
      { from: 'core/a.ts', specifier: '#engine/b.ts', target: 'engine/b.ts', isPackage: false, typesOnly: false },
    ];
    const rooms = [{ name: 'attic', files: [], floor: undefined, imports: new Map() }];

    expect(verdict({ rooms, upwards, cycles: [['a.ts', 'b.ts']] })).toEqual([
      'attic has no floor',
      'core/a.ts imports engine/b.ts, which is not below it',
      'these files import each other: a.ts, b.ts',
    ]);
  });
});

test('The picture of the house is up to date (npm run docs)', () => {
  expect(readFileSync(join(ROOT, 'docs/images/house.svg'), 'utf8')).toBe(housePicture(readHouse(ROOT)));
});
