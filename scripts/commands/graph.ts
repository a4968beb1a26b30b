import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type House, readHouse, type Room } from '../architecture/house.ts';
import { housePicture } from '../architecture/house-picture.ts';
import { houseText, verdict } from '../architecture/house-text.ts';
import { type ExitCode, runCommand } from '../terminal/command-line.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const command = {
  name: 'npm run graph --',
  summary: 'Shows the rooms (folders) of the code, the floor of each, and what it imports from.',
  options: {
    picture: { value: 'FILE', help: 'Also writes the graph as an SVG picture.' },
    json: { help: 'Prints rooms, floors and imports as JSON.' },
  },
  notes: ['Exits with 1 if files import each other in a circle, or a room imports from a floor that is not below it.'],
} as const;

/** The command: resolves to its exit code, 1 if the graph breaks a rule of `floors.ts`. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const house = readHouse(ROOT);
    terminal.out(given.flag('json') ? JSON.stringify(asJson(house), null, 2) : houseText(house));
    const file = given.text('picture');
    if (file !== undefined) {
      await writeFile(resolve(file), housePicture(house));
      if (!given.flag('json')) terminal.out(`Wrote ${file}.`);
    }
    return isSound(house) ? 0 : 1;
  });
}

function isSound({ rooms, upwards, cycles }: House): boolean {
  return upwards.length === 0 && cycles.length === 0 && rooms.every(({ floor }) => floor !== undefined);
}

function asJson(house: House) {
  return { rooms: house.rooms.map(roomAsJson), verdict: verdict(house) };
}

function roomAsJson({ name, floor, files, imports }: Room) {
  return { name, floor: floor === undefined ? null : floor + 1, files, imports: [...imports.keys()].toSorted() };
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
