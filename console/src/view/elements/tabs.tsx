/** The ways to look at one thing or one list, each with an address of its own. */
export const Tabs = ({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { readonly name: string; readonly href: string; readonly current: boolean }[];
}) => (
  <nav aria-label={label}>
    <ul class="tabs">
      {tabs.map(({ name, href, current }) => (
        <li>
          <a href={href} aria-current={current ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
