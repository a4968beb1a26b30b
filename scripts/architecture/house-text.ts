import { FLOORS } from './floors.ts';
import type { House, Room } from './house.ts';

/** The house as text: floors from the roof down, each room with its files and the rooms it imports from. */
export function houseText(house: House): string {
  const lines = FLOORS.flatMap((_, index) => floorLines(house, index)).toReversed();
  return [...lines, '', ...verdict(house)].join('\n');
}

/** What is wrong with the house, one problem per line; otherwise one line that says nothing is. */
export function verdict({ rooms, upwards, cycles }: House): readonly string[] {
  const problems = [
    ...rooms.filter(({ floor }) => floor === undefined).map(({ name }) => `${name} has no floor`),
    ...upwards.map(({ from, target }) => `${from} imports ${target}, which is not below it`),
    ...cycles.map((cycle) => `these files import each other: ${cycle.join(', ')}`),
  ];
  const files = rooms.reduce((sum, room) => sum + room.files.length, 0);
  return problems.length > 0
    ? problems
    : [`${files} files in ${rooms.length} rooms on ${FLOORS.length} floors: no cycle, no arrow upwards.`];
}

function floorLines({ rooms }: House, index: number): readonly string[] {
  const here = rooms.filter(({ floor }) => floor === index).toSorted((a, b) => (a.name < b.name ? 1 : -1));
  return here.map((room, place) => `${place === here.length - 1 ? label(index) : '   '}  ${roomLine(room)}`);
}

function label(index: number): string {
  return String(index + 1).padStart(3);
}

function roomLine({ name, files, imports }: Room): string {
  const below = [...imports.keys()].toSorted().join(' ');
  return `${name} (${files.length})${below === '' ? '' : ` <- ${below}`}`;
}
