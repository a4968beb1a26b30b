import type { Child } from 'hono/jsx';
import type { Person } from '#console/world/console-env.ts';

const SECTIONS = {
  now: { name: 'Now', href: '/' },
  inbox: { name: 'Inbox', href: '/inbox' },
  executions: { name: 'Executions', href: '/executions' },
  playbooks: { name: 'Playbooks', href: '/playbooks' },
  health: { name: 'Health', href: '/health' },
  spend: { name: 'Spend', href: '/spend' },
  notifications: { name: 'Notifications', href: '/notifications' },
  audit: { name: 'Audit log', href: '/audit' },
} as const;

/** The pages of the console. */
export type Section = keyof typeof SECTIONS;

/** The list that an address below it belongs to; Now where there is none. */
export function listOf(path: string): { readonly name: string; readonly href: string } {
  const [, first = ''] = path.split('/');
  const found = Object.values(SECTIONS).find(({ href }) => href !== '/' && href === `/${first}`);
  return found ?? SECTIONS.now;
}

const FIRST: readonly Section[] = ['now', 'inbox', 'executions', 'playbooks'];
const MORE: readonly Section[] = ['health', 'spend', 'notifications', 'audit'];

interface NavigationProps {
  readonly section: Section | undefined;
  /** How many threads wait for a decision. */
  readonly awaiting: number;
  readonly person: Person | undefined;
  readonly csrfToken: string | undefined;
}

/** The navigation: next to the page on a wide screen, below it on a phone, where the rarer half is behind "More". */
export const Navigation = ({ section, awaiting, person, csrfToken }: NavigationProps) => (
  <header class="side">
    <a class="brand" href="/">
      <Mark /> Playbooks
    </a>
    {person === undefined ? null : (
      <>
        <nav aria-label="Pages">
          <Entries names={FIRST} section={section} awaiting={awaiting} />
          <details class="more">
            <summary>More</summary>
            <Entries names={MORE} section={section} awaiting={awaiting} />
          </details>
          <Entries names={MORE} section={section} awaiting={awaiting} wide />
        </nav>
        <Who person={person} csrfToken={csrfToken} />
      </>
    )}
  </header>
);

interface EntriesProps {
  readonly names: readonly Section[];
  readonly section: Section | undefined;
  readonly awaiting: number;
  readonly wide?: boolean;
}

const Entries = ({ names, section, awaiting, wide = false }: EntriesProps) => (
  <ul class={wide ? 'nav wide' : 'nav'}>
    {names.map((name) => (
      <Entry name={name} section={section} count={name === 'inbox' ? awaiting : 0} />
    ))}
  </ul>
);

const Entry = ({ name, section, count }: { name: Section; section: Section | undefined; count: number }) => (
  <li>
    <a href={SECTIONS[name].href} aria-current={name === section ? 'page' : undefined}>
      {SECTIONS[name].name}
      {count === 0 ? null : (
        <span class="count">
          {count}
          <span class="unseen"> waiting for a decision</span>
        </span>
      )}
    </a>
  </li>
);

const Who = ({ person, csrfToken }: { person: Person; csrfToken: string | undefined }): Child => (
  <div class="who">
    <span class="live" id="live-state" role="status" hidden />
    {person.local ? (
      <p class="local" title="Signed in automatically: this console serves only this machine, with a local database.">
        Local operator
      </p>
    ) : (
      <p class="person">
        <bdi>{person.email}</bdi> <span class="muted">{person.role}</span>
      </p>
    )}
    <div class="row">
      <button type="button" class="quiet" data-action="theme" title="Switch between light and dark" hidden>
        <span aria-hidden="true">◐</span>
        <span class="unseen">Switch between light and dark</span>
      </button>
      {person.local ? null : (
        <form method="post" action="/sign-out">
          <input type="hidden" name="csrf" value={csrfToken} />
          <button class="quiet">Sign out</button>
        </form>
      )}
    </div>
  </div>
);

const Mark = () => (
  <svg class="mark" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
    <path d="M5 4h9l5 5v11H5z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
    <path d="M8.5 13.5l2.5 2.5 4.5-5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
  </svg>
);
