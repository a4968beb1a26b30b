import type { FailureCode } from '#core/failure.ts';

const ADVICE: Readonly<Record<FailureCode, string>> = {
  unavailable: 'The other side was out of reach. Look at its status; the next execution tries again.',
  timeout: 'The other side was too slow. If it happens again, give the step a longer timeout.',
  interrupted:
    'Its runner vanished, and the message says who or what ended it. Look at the log of the function for the cause (memory, time, a deployment), and whether the effect of the step that was under way has happened, before you run the playbook again. Its next slot runs by itself.',
  rate_limited: 'The other side asked us to slow down. Run less often, or ask for a higher limit.',
  rejected: 'The other side understood and said no. Read its words above and correct the step.',
  address_blocked: 'The address is private or not allowed. Correct the URL, or list the host in HTTP_ALLOW_PRIVATE.',
  model_refused: 'The model declined to answer. Reword the instructions, or take another model.',
  invalid_playbook: 'The definition cannot run. Run npm run playbook -- validate, correct it, and seed again.',
  unknown_tool: 'There is no such tool. Correct its name and seed again.',
  unknown_agent: 'There is no such agent. Correct its name, or write its file, and seed again.',
  unknown_channel: 'There is no such channel. Correct its name and seed again.',
  expression_failed:
    'An expression could not be evaluated with these values. Correct it, for example with has(x) ? x : 0.',
  input_invalid: 'The step was given what it does not take. Compare its input above with the reference.',
  output_invalid: 'The other side answered what it must not. Look at the attempt; if it stays so, report a bug.',
  output_too_large:
    'An output is over 5 MB, all of them are over 20 MB, or the record is full: the message says which. Ask for less, or divide the playbook.',
  deadline_exceeded:
    "The time of the whole execution ran out. Raise the playbook's deadline, or make its steps faster.",
  budget_exceeded: 'Money or tokens ran out. Raise the budget of the agent or of the account, or ask for less.',
  record_from_newer_version:
    'A newer version of the playbook runner wrote the record, and this one leaves it alone. Deploy the newer version here, too.',
  unauthenticated: 'A credential is missing, wrong or expired. Renew the secret; nothing is tried again until then.',
  unconfigured: 'Something is not set up yet. The message above names it.',
  lease_lost: 'Another runner took this execution over. Look at its record: it goes on there.',
  internal: 'This is a bug of the playbook runner. The log of the function has the details.',
};

/** What a person can do about a failure, in a sentence or two. */
export function adviceFor(code: FailureCode): string {
  return ADVICE[code];
}
