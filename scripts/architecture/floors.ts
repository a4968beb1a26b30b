/**
 * The house from the ground up. A room is a folder of product code; the list (`index.ts`) of a folder with rooms inside
 * is a separate room above them. A room imports from itself and from the floors below; rooms on the same floor do not
 * know each other. `x/*` is every room directly inside `x`. Paths leave out `functions/src/`.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['core/redact', 'language/expressions', 'ports/documents', 'channels/markdown'],
  ['language/playbook'],
  ['language/settings', 'language/lint', 'engine/record'],
  ['language/source', 'language/reference', 'ports', 'engine/journal'],
  ['engine/state', 'adapters', 'scheduler'],
  ['engine/claim', 'engine/step', 'engine/suspend', 'adapters/*'],
  ['engine/flow'],
  ['engine'],
  ['records/store'],
  ['records/audit', 'records/figures', 'records/health', 'records/notifications'],
  ['records/playbooks', 'records/settings', 'records/threads'],
  ['records/executions'],
  ['agents/figures', 'channels', 'tools'],
  [
    'agents/conversation',
    'agents/plain',
    'channels/dashboard',
    'channels/email',
    'channels/slack',
    'tools/integrations',
    'tools/platform',
  ],
  ['agents', 'channels/index', 'tools/customers', 'tools/operations'],
  ['tools/campaigns'],
  ['tools/index', 'steps/definition', 'steps/delivery'],
  ['steps/report'],
  ['steps'],
  ['steps/index', 'http'],
  ['functions/src'],
  ['console/src/world'],
  ['console/src/live', 'console/src/view/elements'],
  ['console/src/view/frame', 'console/src/view/records', 'console/src/client'],
  ['console/src/access'],
  ['console/src/pages/execution/difference'],
  ['console/src/pages/*'],
  ['console/src/pages/index'],
  ['console/src'],
  ['demo/company', 'scripts/architecture', 'scripts/processes'],
  ['demo/servers', 'scripts/building', 'scripts/terminal', 'scripts/mutants/*'],
  ['demo/history', 'scripts/cloud', 'scripts/mutants'],
  ['scripts/project'],
  ['scripts/local', 'scripts/commands/playbook'],
  ['scripts/commands', 'bench', 'chaos'],
];

/** Folders that must not know each other, although one is above the other. */
export const APART: readonly (readonly [string, string])[] = [
  ['language', 'engine'],
  ['language', 'ports'],
  ['language', 'tools'],
  ['language', 'channels'],
  ['tools', 'channels'],
  ['tools', 'agents'],
  ['agents', 'channels'],
  ['agents', 'records'],
  ['adapters', 'records'],
  ['adapters', 'engine'],
  ['demo', 'console'],
  ['demo', 'scripts'],
  ['bench', 'demo'],
  ['chaos', 'demo'],
];

/** The maximum number of files of product code in one folder. */
export const MAX_FILES_PER_ROOM = 25;
