/**
 * Filters are sent when they change; a form that does something is sent once, however often its button is pressed; a whole
 * row of a list leads where its link does.
 */
export function enhanceForms(): void {
  document.addEventListener('change', sendFilter);
  document.addEventListener('submit', disableButtons);
  document.addEventListener('click', followRow);
  addEventListener('pageshow', enableButtons);
}

function sendFilter({ target }: Event): void {
  if (!(target instanceof HTMLElement)) return;
  const form = target.closest('form');
  if (form?.dataset['auto'] !== undefined && !(target instanceof HTMLInputElement && target.type === 'search')) {
    form.requestSubmit();
  }
}

function disableButtons({ target, submitter }: SubmitEvent): void {
  if (!(target instanceof HTMLFormElement) || target.method !== 'post') return;
  // After the browser has gathered the fields: a button that is disabled is not sent.
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true;
    submitter?.setAttribute('aria-busy', 'true');
  });
}

function followRow({ target }: Event): void {
  if (!(target instanceof Element) || target.closest('a, button, input, summary, label') !== null) return;
  const href = target.closest<HTMLElement>('tr[data-href]')?.dataset['href'];
  if (href !== undefined && getSelection()?.isCollapsed !== false) location.assign(href);
}

/** A page that the browser kept has its buttons as they were left. */
function enableButtons({ persisted }: PageTransitionEvent): void {
  if (!persisted) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>('form[method=post] button'))
    button.disabled = false;
}
