import { Idiomorph } from 'idiomorph';

const POLL_MS = 5_000;
const FAILURES_BEFORE_POLLING = 3;

/**
 * Keeps a page that asks for it (`<main data-live="topic">`) up to date: by server-sent events, or by polling every 5 s
 * where those do not come through.
 */
export function keepLive(): void {
  const topic = document.querySelector('main')?.dataset['live'];
  if (topic === undefined) return;
  const events = liveEvents(topic);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return events.close();
    void refresh();
    events.open();
  });
  events.open();
}

/** The events of a topic, and polling where they do not come through. */
function liveEvents(topic: string) {
  const poll = polling();
  let failures = 0;
  let source: EventSource | undefined;

  function open(): void {
    failures = 0;
    source = connect(topic);
    source.addEventListener('open', comeThrough);
    source.addEventListener('error', fail);
  }
  function comeThrough(): void {
    failures = 0;
    poll.stop();
    say((mode = 'Live'));
  }
  function fail(): void {
    failures += 1;
    if (failures < FAILURES_BEFORE_POLLING && source?.readyState !== EventSource.CLOSED) return;
    source?.close();
    poll.begin();
    say((mode = 'Updates every 5 s'));
  }
  function close(): void {
    source?.close();
    poll.stop();
  }
  return { open, close };
}

function connect(topic: string): EventSource {
  const rendered = document.querySelector('main')?.dataset['rendered'] ?? '0';
  const source = new EventSource(`/live?topic=${encodeURIComponent(topic)}&rendered=${rendered}`);
  source.addEventListener('changed', () => void refresh());
  return source;
}

function polling() {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    begin: () => void (timer ??= setInterval(() => void refresh(), POLL_MS)),
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** How the page is kept up to date while the server answers. */
let mode: 'Live' | 'Updates every 5 s' = 'Live';
let refreshing: Promise<void> | undefined;
let again = false;

/** Loads the page's changing part and applies what differs. Calls during a refresh cause one more after it. */
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
    // Someone may have started to type while the page was loading.
    if (fresh === null || isBeingEdited(main)) return;
    await Idiomorph.morph(main, fresh, {
      restoreFocus: true,
      callbacks: {
        beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node.tagName === 'DETAILS'),
      },
    });
    document.dispatchEvent(new Event('refreshed'));
    if (stateShown() !== '') say(mode);
  } catch {
    if (!stateShown().startsWith('Offline')) say(`Offline since ${clockTime()}`);
  }
}

/** Whether a person has started to type or choose: a refresh must not take that away. */
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

function stateShown(): string {
  return document.querySelector('#live-state')?.textContent ?? '';
}

function clockTime(): string {
  return new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function say(state: string): void {
  const place = document.querySelector('#live-state');
  if (!(place instanceof HTMLElement)) return;
  place.hidden = false;
  place.textContent = state;
  place.dataset['state'] = state === 'Live' ? 'live' : 'late';
}
