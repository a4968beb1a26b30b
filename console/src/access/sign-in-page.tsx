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
export function signInPage(c: Context, page: SignInPage) {
  return plainly(c, { title: 'Sign in', status: page.status ?? 200, text: 'Sign in.', main: <SignInForm {...page} /> });
}

function SignInForm({ next, email = '', notice, error }: SignInPage) {
  const describedBy = error === undefined ? undefined : 'problem';
  return (
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
      <EmailField email={email} describedBy={describedBy} />
      <PasswordField isNext={email !== ''} describedBy={describedBy} />
      <button class="primary">Sign in</button>
      <p class="muted">For super users of this project. An admin of the project grants access.</p>
    </form>
  );
}

function EmailField({ email, describedBy }: { email: string; describedBy: string | undefined }) {
  return (
    <label>
      Email address
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
        aria-describedby={describedBy}
      />
    </label>
  );
}

/** `isNext`: the address is there already, and this is what is left to write. */
function PasswordField({ isNext, describedBy }: { isNext: boolean; describedBy: string | undefined }) {
  return (
    <label>
      Password
      <input
        name="password"
        type="password"
        autocomplete="current-password"
        maxlength={4096}
        required
        autofocus={isNext}
        aria-describedby={describedBy}
      />
    </label>
  );
}
