import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testsNear } from './test-distances.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mutants-'));
});
afterEach(() => rm(root, { recursive: true }));

async function near(file: string, project: Readonly<Record<string, string>>) {
  const files = { 'package.json': '{ "imports": { "#core/*": "./functions/src/core/*" } }', ...project };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return testsNear(root)(file);
}

const CORE = 'functions/src/core/json.ts';

describe('the tests near a file', () => {
  test('begin with the one of the same name, then come its neighbours, then the others by the imports in between', async () => {
    const tests = await near(CORE, {
      [CORE]: 'export const a = 1;',
      'functions/src/core/json.test.ts': "import './json.ts';",
      'functions/src/core/other.test.ts': "import './json.ts';",
      'functions/src/tools/tool.ts': "import { a } from '#core/json.ts'; export const b = a;",
      'functions/src/tools/tool.test.ts': "import { b } from './tool.ts'; b;",
      'functions/src/http/direct.test.ts': "import { a } from '#core/json.ts'; a;",
    });

    expect(tests).toEqual([
      { file: 'functions/src/core/json.test.ts', distance: 0 },
      { file: 'functions/src/core/other.test.ts', distance: 1 },
      { file: 'functions/src/http/direct.test.ts', distance: 2 },
      { file: 'functions/src/tools/tool.test.ts', distance: 3 },
    ]);
  });

  test('leave out those that import only its types, or do not reach it', async () => {
    const tests = await near(CORE, {
      [CORE]: 'export type A = 1;',
      'functions/src/core/lone.test.ts': 'export {};',
      'functions/src/http/types.test.ts': "import type { A } from '#core/json.ts'; export type B = A;",
      'functions/src/http/inline.test.ts': "import { type A } from '#core/json.ts'; export type B = A;",
    });

    expect(tests).toEqual([]);
  });

  test('include those that import it when they need it', async () => {
    const tests = await near(CORE, {
      [CORE]: 'export const a = 1;',
      'functions/src/http/late.test.ts': "await import('#core/json.ts');",
    });

    expect(tests).toEqual([{ file: 'functions/src/http/late.test.ts', distance: 2 }]);
  });

  test('include those that run it in another process, named by the end of its path', async () => {
    const tests = await near('scripts/commands/start.ts', {
      'scripts/commands/start.ts': 'export {};',
      'scripts/processes/child.ts': "export const START = ['commands/start.ts'];",
      'scripts/processes/child.test.ts': "import { START } from './child.ts'; START;",
    });

    expect(tests).toEqual([{ file: 'scripts/processes/child.test.ts', distance: 3 }]);
  });
});
