/** The button that turns light into dark and back; what was chosen stays for a year, in a cookie that the server reads. */
export function offerTheme(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-action=theme]');
  if (button === null) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const root = document.documentElement;
    const isDark =
      (root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    root.dataset['theme'] = isDark ? 'light' : 'dark';
    document.cookie = `theme=${root.dataset['theme']}; path=/; max-age=31536000; samesite=lax`;
  });
}
