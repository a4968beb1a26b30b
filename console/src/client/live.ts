import { Idiomorph } from 'idiomorph';

const POLL_MS = 5_000;
const FAILURES_BEFORE_POLLING = 3;

/**
 * Keeps a page that says so (`<main data-live="topic">`) as it is on the server: told by server-sent events, or by looking
 * every 5 s where those do not come through.
 */
export function keepLive(): void {
  const main = document.querySelector('main');
  const topic = main?.dataset['live'];
  if (topic === undefined) return;
  let failures = 0;
  let polling: ReturnType<typeof setInterval> | undefined;
  let source: EventSource | undefined;

  function listen(): void {
    const rendered = document.querySelector('main')?.dataset['rendered'] ?? '0';
    source = new EventSource(`/live?topic=${encodeURIComponent(topic ?? '')}&rendered=${rendered}`);
    source.addEventListener('open', () => {
      failures = 0;
      clearInterval(polling);
      polling = undefined;
      say('Live');
    });
    source.addEventListener('changed', () => void refresh());
    source.addEventListener('error', () => {
      failures += 1;
      if (failures < FAILURES_BEFORE_POLLING && source?.readyState !== EventSource.CLOSED) return;
      source?.close();
      polling ??= setInterval(() => void refresh(), POLL_MS);
      say('Every 5 s');
    });
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close();
      clearInterval(polling);
      polling = undefined;
    } else {
      failures = 0;
      void refresh();
      listen();
    }
  });
  listen();
}

let refreshing: Promise<void> | undefined;
let again = false;

/** Loads the page's changing part and puts in what differs. Two at once are one, and one more after it. */
export async function refresh(): Promise<void> {
  if (refreshing !== undefined) {
    again = true;
    return refreshing;
  }
  refreshing = load().finally(() => (refreshing = undefined));
  await refreshing;
  if (!again) return;
  again = false;
  await refresh();
}

async function load(): Promise<void> {
  const main = document.querySelector('main');
  if (main === null || isBeingEdited(main)) return;
  try {
    const response = await fetch(location.href, { headers: { 'x-fragment': 'main' }, redirect: 'manual' });
    if (response.type === 'opaqueredirect' || response.status === 401) {
      location.reload();
      return;
    }
    if (!response.ok) return say('Out of date');
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
    // Somebody may have begun to write while the page was on its way.
    if (fresh === null || isBeingEdited(main)) return;
    await Idiomorph.morph(main, fresh, {
      restoreFocus: true,
      callbacks: {
        beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
    document.dispatchEvent(new Event('refreshed'));
    if (document.querySelector('#live-state')?.textContent === 'Out of date') say('Live');
  } catch {
    say('Out of reach');
  }
}

/** What a person has begun to write or to choose must not go away below the hands. */
function isBeingEdited(main: Element): boolean {
  return [...main.querySelectorAll('textarea, input, select')].some((field) => {
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    if (field instanceof HTMLInputElement) {
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    }
    if (!(field instanceof HTMLSelectElement)) return false;
    const given = [...field.options].findLastIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, given);
  });
}

function say(state: string): void {
  const place = document.querySelector('#live-state');
  if (!(place instanceof HTMLElement)) return;
  place.hidden = false;
  place.textContent = state;
  place.dataset['state'] = state === 'Live' ? 'live' : 'late';
}
