import type { Context } from 'hono';
import { plainly } from '#console/view/frame/plain-page.tsx';

/** What the page of the sign-in shows beside its two fields. */
export interface SignInPage {
  /** Where to go afterwards: a path of this site. */
  readonly next: string;
  /** What was typed before. */
  readonly email?: string;
  readonly notice?: string | undefined;
  /** What was wrong, and what would be right. */
  readonly error?: string;
  readonly status?: 200 | 400 | 401 | 403;
}

/** The page on which people sign in. */
export function signInPage(c: Context, { next, email = '', notice, error, status = 200 }: SignInPage) {
  return plainly(c, {
    title: 'Sign in',
    status,
    text: 'Sign in.',
    main: (
      <form method="post" action="/sign-in" class="stack">
        {notice === undefined ? null : (
          <p class="notice" role="status">
            {notice}
          </p>
        )}
        {error === undefined ? null : (
          <p class="problem" role="alert" id="problem">
            {error}
          </p>
        )}
        <input type="hidden" name="next" value={next} />
        <label>
          E-mail address
          <input
            name="email"
            type="email"
            value={email}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxlength={254}
            required
            autofocus={email === ''}
            aria-describedby={error === undefined ? undefined : 'problem'}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength={4096}
            required
            autofocus={email !== ''}
            aria-describedby={error === undefined ? undefined : 'problem'}
          />
        </label>
        <button class="primary">Sign in</button>
        <p class="muted">For super users of this project. An admin of the project lets you in.</p>
      </form>
    ),
  });
}
