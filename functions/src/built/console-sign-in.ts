/** The console's answers to a sign-in and then to the first page. */
export interface SignInAnswer {
  readonly status: number;
  readonly page: number;
}

/** Signs in with the console's form, as a browser does, and requests the first page. */
export async function signInAtConsole(url: string, email: string, password: string): Promise<SignInAnswer> {
  const { origin } = new URL(url);
  const response = await fetch(new URL('/sign-in', url), {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  });
  const cookie = response.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
  const page = await fetch(url, { headers: { cookie: cookie.join('; ') }, redirect: 'manual' });
  await Promise.all([response.text(), page.text()]);
  return { status: response.status, page: page.status };
}
