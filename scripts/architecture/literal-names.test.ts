import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { catalog } from '#functions/catalog.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Where a step type, a tool or a channel is named literally outside its own files, and why. */
const ALLOWED: Readonly<Record<string, { readonly names: readonly string[]; readonly because: string }>> = {
  'functions/src/steps/condition.ts': { names: ['notify', 'slack'], because: 'its example contains a step' },
  'functions/src/steps/notify.ts': { names: ['email'], because: 'its example names a channel' },
  'functions/src/steps/tool-call.ts': { names: ['checkIntegrations'], because: 'its example names a tool' },
  'scripts/building/warm-compile-cache.ts': {
    names: ['condition', 'tool_call', 'getSpend'],
    because: 'it writes a playbook, which the build runs once',
  },
  'scripts/commands/test-firebase.ts': { names: ['condition'], because: 'it writes a playbook, which the check runs' },
  'console/src/access/sign-in-page.tsx': { names: ['email'], because: 'a field for an address, not the channel' },
  'console/src/access/sign-in.ts': { names: ['email'], because: 'the same field' },
  'console/src/pages/playbook/run-recipients.tsx': {
    names: ['email'],
    because: 'a field for an address, not the channel',
  },
};

const names = [
  ...catalog.stepTypes.map(({ type }) => type),
  ...catalog.tools.map(({ name }) => name),
  ...catalog.channels.map(({ name }) => name),
];

test('a step type, a tool or a channel is named only in its own product code', () => {
  const found = productFiles().flatMap((file) => {
    const code = codeOf(file);
    const allowed = ALLOWED[file]?.names ?? [];
    return names
      .filter((name) => isNamed(name, code) && !isOwnFile(name, file) && !allowed.includes(name))
      .map((name) => `${file} names ${name}`);
  });

  expect(found).toEqual([]);
});

test('every exception is used', () => {
  const vain = Object.entries(ALLOWED).flatMap(([file, allowed]) =>
    allowed.names.filter((name) => !isNamed(name, codeOf(file))).map((name) => `${file} does not name ${name}`),
  );

  expect(vain).toEqual([]);
});

/** What ships and what people call: no tests, test doubles or contract suites. */
function productFiles(): readonly string[] {
  return globSync(['functions/src/**/*.ts', 'console/src/**/*.{ts,tsx}', 'scripts/**/*.ts'], { cwd: ROOT })
    .filter((file) => !/\.(test|contract)\.tsx?$|\/(testing|built)\//.test(file))
    .toSorted();
}

/** As a complete text: `'slack'`, `<code>slack</code>`. */
function isNamed(name: string, code: string): boolean {
  return new RegExp(`(['"\`])${name}\\1|>${name}<`).test(code);
}

/** `steps/create-thread.ts`, `tools/operations/http-request.ts`, everything in `channels/slack/`. */
function isOwnFile(name: string, file: string): boolean {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
  return /^functions\/src\/(steps|tools)\//.test(file)
    ? basename(file) === `${kebab}.ts`
    : file.startsWith(`functions/src/channels/${name}/`);
}

function codeOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*/g, '');
}
