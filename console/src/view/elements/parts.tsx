import type { Child } from 'hono/jsx';

/** A part of a page with its heading. */
export const Panel = ({
  title,
  id,
  aside,
  children,
}: {
  title: string;
  id?: string;
  aside?: Child;
  children: Child;
}) => (
  <section class="panel" id={id} aria-label={title}>
    <header>
      <h2>{title}</h2>
      {aside === undefined ? null : <div class="aside">{aside}</div>}
    </header>
    {children}
  </section>
);

/** The head of a page: its title, a line below it, and actions. */
export const Head = ({ title, children, actions }: { title: Child; children?: Child; actions?: Child }) => (
  <div class="head">
    <div>
      <h1>{title}</h1>
      {children === undefined ? null : <div class="sub">{children}</div>}
    </div>
    {actions === undefined ? null : <div class="actions">{actions}</div>}
  </div>
);

/** The words of an empty place: what belongs here, and what to do next. */
export const Empty = ({ children }: { children: Child }) => <p class="empty">{children}</p>;

/** Names with their values. A name whose value is undefined is left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, Child | undefined])[] }) => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** A table that becomes cards on a phone, where every cell repeats the name of its column. */
export const Table = ({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly { readonly key: string; readonly href?: string; readonly cells: readonly Child[] }[];
}) => (
  <table aria-label={label}>
    <thead>
      <tr>
        {columns.map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map(({ key, href, cells }) => (
        <tr id={`row-${key}`} data-href={href}>
          {cells.map((cell, index) => (
            <td data-label={columns[index]}>{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

/** The hidden field that every form needs (see access/csrf.ts). */
export const CsrfField = ({ token }: { token: string }) => <input type="hidden" name="csrf" value={token} />;

/** A button that opens the form behind it: nothing happens before the form is sent. Works without scripts. */
export const Disclosure = ({
  id,
  label,
  tone,
  open,
  children,
}: {
  id: string;
  label: string;
  tone?: 'danger' | 'primary';
  open?: boolean;
  children: Child;
}) => (
  <details class={`disclosure ${tone ?? ''}`} id={id} open={open}>
    <summary>{label}</summary>
    <div class="disclosed">{children}</div>
  </details>
);

interface PagingProps {
  readonly nextHref: string | undefined;
  readonly note?: string;
  readonly label?: string;
}

/** The link to older records, below a list. */
export const Paging = ({ nextHref, note, label = 'Older →' }: PagingProps) =>
  nextHref === undefined && note === undefined ? null : (
    <nav class="paging" aria-label="Pages of this list">
      {note === undefined ? null : <span class="muted">{note} </span>}
      {nextHref === undefined ? null : (
        <a class="button" rel="next" href={nextHref}>
          {label}
        </a>
      )}
    </nav>
  );
