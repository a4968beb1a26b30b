import { Head, Panel } from '#console/view/elements/parts.tsx';

/** Now before anything is stored: what it will show, and how to get started. */
export const FirstMinute = () => (
  <>
    <Head title="No data yet">
      This page will show what needs attention, what is running, what comes next, how the integrations are, and what
      today cost.
    </Head>
    <Panel title="Get started" id="begin">
      <ol class="numbered">
        <li>
          Load the playbooks of <code>playbooks/</code> into the database: <code>npm run seed</code>
        </li>
        <li>
          Create their Cloud Scheduler jobs: <code>npm run schedulers</code>
        </li>
        <li>
          Or run one now, from its page under <a href="/playbooks">Playbooks</a> or with{' '}
          <code>npm run playbook -- run ops_integration_monitor</code>
        </li>
      </ol>
      <p class="muted">This page updates as soon as one runs.</p>
    </Panel>
  </>
);
