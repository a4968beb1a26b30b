const PAGES: Readonly<Record<string, string>> = {
  n: '/',
  i: '/inbox',
  e: '/executions',
  p: '/playbooks',
  h: '/health',
  s: '/spend',
  m: '/notifications',
  a: '/audit',
};

/** As the help shows them. */
const MEANINGS = [
  ['g n · i · e · p', 'Now, Inbox, Executions, Playbooks'],
  ['g h · s · m · a', 'Health, Spend, Notifications, Audit log'],
  ['j · k', 'Next and previous row'],
  ['Enter', 'Open the row'],
  ['/', 'Search'],
  ['?', 'Show these keys'],
] as const;

/**
 * Keys, where nobody is writing: `g` and a letter go to a page, `j` and `k` move through the rows of a list, Enter opens one,
 * `/` goes to the search field, `?` shows them all.
 */
export function listenToKeys(): void {
  let going = false;
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null) return;
    const page = going ? PAGES[key] : undefined;
    going = key === 'g';
    if (page !== undefined) return location.assign(page);
    if (key === 'j' || key === 'k') return moveTo(key === 'j' ? 1 : -1);
    if (key === '/') {
      const search = document.querySelector<HTMLInputElement>('input[type=search]');
      if (search === null) return;
      event.preventDefault();
      search.focus();
    }
    if (key === '?') toggleHelp();
  });
}

function moveTo(step: 1 | -1): void {
  const links = [
    ...document.querySelectorAll<HTMLElement>('main tbody tr a:first-of-type, main .cards > li > a'),
  ].filter((link, index, all) => all.findIndex((other) => rowOf(other) === rowOf(link)) === index);
  const at = links.findIndex((link) => rowOf(link).contains(document.activeElement));
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

function rowOf(link: Element): Element {
  return link.closest('tr, li') ?? link;
}

function toggleHelp(): void {
  const known = document.querySelector<HTMLDialogElement>('#keys');
  if (known !== null) return known.open ? known.close() : known.showModal();
  const dialog = document.createElement('dialog');
  dialog.id = 'keys';
  const close = element('button', 'Close');
  close.addEventListener('click', () => dialog.close());
  dialog.append(element('h2', 'Keys'), keyList(), close);
  document.body.append(dialog);
  dialog.showModal();
}

function keyList(): HTMLElement {
  const list = document.createElement('dl');
  for (const [keys, meaning] of MEANINGS) list.append(element('dt', keys), element('dd', meaning));
  return list;
}

function element(name: 'button' | 'dd' | 'dt' | 'h2', text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
