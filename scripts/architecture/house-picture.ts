import { FLOORS } from './floors.ts';
import type { House, Room } from './house.ts';

const BOX = { width: 176, height: 34, gap: 14 };
const FLOOR_HEIGHT = 64;
const MARGIN = 24;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The house as an SVG picture, the roof at the top. An arrow points to a room that another room imports from; if a
 * longer path leads to the same room, the shortcut is not drawn.
 */
export function housePicture({ rooms }: House): string {
  const places = placesOf(rooms);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + BOX.width + MARGIN;
  const height = FLOORS.length * FLOOR_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...rooms.flatMap((room) => arrowsFrom(room, rooms, places)),
    ...rooms.map((room) => box(room, places)),
    '</svg>',
    '',
  ].join('\n');
}

function placesOf(rooms: readonly Room[]): ReadonlyMap<string, Place> {
  const widest = Math.max(...FLOORS.map((_, index) => onFloor(rooms, index).length));
  const places = FLOORS.flatMap((_, index) => {
    const here = onFloor(rooms, index);
    const left = MARGIN + ((widest - here.length) * (BOX.width + BOX.gap)) / 2;
    const y = MARGIN + (FLOORS.length - 1 - index) * FLOOR_HEIGHT;
    return here.map(({ name }, place): [string, Place] => [name, { x: left + place * (BOX.width + BOX.gap), y }]);
  });
  return new Map(places);
}

function onFloor(rooms: readonly Room[], index: number): readonly Room[] {
  return rooms.filter(({ floor }) => floor === index).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function arrowsFrom(room: Room, rooms: readonly Room[], places: ReadonlyMap<string, Place>): readonly string[] {
  const from = places.get(room.name);
  const targets = [...room.imports.keys()].filter((target) => !isShortcut(room, target, rooms)).toSorted();
  return targets.flatMap((target) => {
    const to = places.get(target);
    if (from === undefined || to === undefined) return [];
    const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y];
    const middle = (y1 + y2) / 2;
    return [`<path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}" fill="none" stroke="#94a3b8"/>`];
  });
}

/** Whether another room that this one imports from also leads to the target. */
function isShortcut(room: Room, target: string, rooms: readonly Room[]): boolean {
  const byName = new Map(rooms.map((other) => [other.name, other]));
  const waiting = [...room.imports.keys()].filter((name) => name !== target);
  const seen = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const below = [...(byName.get(name)?.imports.keys() ?? [])];
    if (below.includes(target)) return true;
    waiting.push(...below);
  }
  return false;
}

function box({ name, files }: Room, places: ReadonlyMap<string, Place>): string {
  const place = places.get(name);
  if (place === undefined) return '';
  const { x, y } = place;
  const text = `<text x="${x + BOX.width / 2}" y="${y + 21}" text-anchor="middle">${name.replace('/src', '')} · ${files.length}</text>`;
  return `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${colourOf(name)}" stroke="#475569"/>${text}`;
}

const COLOURS: Readonly<Record<string, string>> = {
  core: '#e2e8f0',
  language: '#fef3c7',
  engine: '#fee2e2',
  records: '#dcfce7',
  ports: '#e2e8f0',
  adapters: '#f1f5f9',
  console: '#e0e7ff',
  demo: '#fae8ff',
  scripts: '#cffafe',
};

function colourOf(name: string): string {
  return COLOURS[name.split('/')[0] ?? ''] ?? '#ffedd5';
}
