import type { FailureCode } from '#core/failure.ts';

const ADVICE: Readonly<Record<FailureCode, string>> = {
  unavailable: 'The other side was out of reach. Check its status; the next execution tries again.',
  timeout: 'The other side was too slow. If it happens again, give the step a longer timeout.',
  interrupted:
    'Its runner vanished, and the message says who or what ended it. Before you run the playbook again, check the log of the function for the cause (memory, time, a deployment), and whether the step that was under way had its effect. The next slot runs automatically.',
  rate_limited: 'The other side asked for fewer requests. Run less often, or request a higher limit.',
  rejected: 'The other side understood the request and rejected it. Read its message above and correct the step.',
  address_blocked: 'The address is private or not allowed. Correct the URL, or list the host in HTTP_ALLOW_PRIVATE.',
  model_refused: 'The model declined to answer. Reword the instructions, or use another model.',
  invalid_playbook: 'The definition cannot run. Run npm run playbook -- validate, correct it, and seed again.',
  unknown_tool: 'The tool is unknown. Correct its name and seed again.',
  unknown_agent: 'The agent is unknown. Correct its name, or write its file, and seed again.',
  unknown_channel: 'The channel is unknown. Correct its name and seed again.',
  expression_failed:
    'An expression could not be evaluated with these values. Correct it, for example with has(x) ? x : 0.',
  input_invalid: 'The step does not accept this input. Compare it with the reference.',
  output_invalid: 'The other side gave an invalid answer. Check the attempt; if this persists, report a bug.',
  output_too_large:
    'One output exceeds 5 MB, all outputs together exceed 20 MB, or the record is full: the message says which. Request less data, or split the playbook.',
  cancelled: 'Start the playbook again if it is still needed.',
  deadline_exceeded: "The execution ran out of time. Raise the playbook's deadline, or make its steps faster.",
  budget_exceeded:
    'The budget ran out, in money or tokens. Raise the budget of the agent or the account, or request less.',
  record_from_newer_version:
    'A newer version of the playbook runner wrote the record, and this version leaves it unchanged. Deploy the newer version here, too.',
  unauthenticated: 'A credential is missing, wrong or expired. Renew the secret; there are no retries until then.',
  unconfigured: 'Something is not set up yet. The message above says what is missing.',
  lease_lost: 'Another runner took over this execution and continues it. See its record.',
  internal: 'This is a bug of the playbook runner. The log of the function has the details.',
};

/** What a person can do about a failure, in a few sentences. */
export function adviceFor(code: FailureCode): string {
  return ADVICE[code];
}
