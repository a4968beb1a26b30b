import { Head, Panel } from '#console/view/elements/parts.tsx';

/** What stands on Now before anything is stored: what will be here, and how to begin. */
export const FirstMinute = () => (
  <>
    <Head title="Nothing is here yet">
      This page will say how things are: what needs you, what runs, what comes next, how the integrations are, and what
      today cost.
    </Head>
    <Panel title="How to begin" id="begin">
      <ol class="numbered">
        <li>
          Put the playbooks of <code>playbooks/</code> into the database: <code>npm run seed</code>
        </li>
        <li>
          Let Cloud Scheduler call them when they are due: <code>npm run schedulers</code>
        </li>
        <li>
          Or run one now, from its page under <a href="/playbooks">Playbooks</a>, or with{' '}
          <code>npm run playbook -- run ops_integration_monitor</code>
        </li>
      </ol>
      <p class="muted">As soon as one runs, this page shows it by itself.</p>
    </Panel>
  </>
);
