import { z } from 'zod';
import { checkInputs, type InputValues } from '#language/playbook/inputs.ts';
import { addressProblem } from '#core/mail-address.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';

/** What stands in the form that runs a playbook: as it was sent, or the defaults. */
export interface RunDraft {
  /** Made with the form: sent twice, it is one execution. */
  readonly requestId: string;
  /** The version that the person saw. */
  readonly version: string;
  readonly recipients: 'playbook' | 'me';
  /** Who is "me", where the console does not know an address. */
  readonly address: string;
  /** Each input as text. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What is wrong with a form: on the whole, with an input, with the address. */
export interface RunProblems {
  readonly whole: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly address: string | undefined;
}

/** A form that can be sent on to the runner, or everything that is wrong with it. */
export type CheckedRun =
  | { readonly ok: true; readonly inputs: InputValues; readonly onlyTo: string | undefined }
  | { readonly ok: false; readonly problems: RunProblems };

/** The name of the field of an input. */
export const INPUT_FIELD = 'input.';

const Text = z
  .string()
  .catch('')
  .transform((text) => text.replaceAll('\r\n', '\n'));

/** The fields of the form, as they are sent. Inputs stand beside them. */
export const RunForm = z
  .looseObject({
    requestId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'does not belong to this form; reload the page'),
    version: z.string().max(200),
    recipients: z.enum(['playbook', 'me']),
    address: z.string().max(400).default(''),
  })
  .transform(({ requestId, version, recipients, address, ...fields }): RunDraft => {
    const inputs = Object.entries(fields)
      .filter(([name]) => name.startsWith(INPUT_FIELD))
      .map(([name, value]) => [name.slice(INPUT_FIELD.length), Text.parse(value)] as const);
    return { requestId, version, recipients, address: address.trim(), inputs: Object.fromEntries(inputs) };
  });

/** The form before anybody wrote in it. */
export function emptyDraft({ definition, version }: PlaybookRecord, requestId: string): RunDraft {
  const inputs = Object.entries(definition.inputs ?? {}).map(([name, { default: value }]) => [
    name,
    value === undefined ? '' : String(value),
  ]);
  return { requestId, version, recipients: 'playbook', address: '', inputs: Object.fromEntries(inputs) };
}

/** Checks a form against the playbook as it is now. `ownAddress`: the reader's, where they can be written to. */
export function checkRun(
  { definition, version }: PlaybookRecord,
  draft: RunDraft,
  {
    ownAddress,
    allowedRecipients,
  }: { readonly ownAddress: string | undefined; readonly allowedRecipients: readonly string[] },
): CheckedRun {
  const checked = checkInputs(definition, draft.inputs);
  const known = definition.inputs ?? {};
  const problems = checked.ok ? [] : checked.problems;
  const whole = problems.filter(({ input }) => !Object.hasOwn(known, input)).map(({ message }) => message);
  if (draft.version !== version) {
    whole.unshift(
      'The playbook has changed since this form was loaded. Check below what it does now, then send the form again.',
    );
  }
  const onlyTo = draft.recipients === 'me' ? (ownAddress ?? draft.address) : undefined;
  const address = onlyTo === undefined ? undefined : addressProblem(onlyTo, allowedRecipients);
  if (checked.ok && whole.length === 0 && address === undefined) return { ok: true, inputs: checked.values, onlyTo };
  const ofInputs = problems.filter(({ input }) => Object.hasOwn(known, input));
  return {
    ok: false,
    problems: { whole, inputs: Object.fromEntries(ofInputs.map(({ input, message }) => [input, message])), address },
  };
}
