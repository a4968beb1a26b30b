import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { counted } from '../scripts/terminal/text-layout.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GUIDES = globSync(['*.md', 'docs/*.md'], { cwd: ROOT }).filter((page) => page !== 'docs/reference.md');
const SOURCE_FOLDERS = '{functions,console,scripts,demo,bench,chaos,playbooks,docs}';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function sources(pattern: string): readonly string[] {
  return globSync(`${SOURCE_FOLDERS}/${pattern}`, {
    cwd: ROOT,
    exclude: (path) => /^(node_modules|lib|dist)$/.test(basename(path)),
  });
}

/** The playbooks that a page shows whole. */
function playbooksIn(page: string): readonly string[] {
  return Array.from(textOf(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm), ([, yaml = '']) => yaml).filter((yaml) =>
    /^id: /m.test(yaml),
  );
}

describe('the documentation', () => {
  test.each(GUIDES.filter((page) => playbooksIn(page).length > 0))(
    '%s shows playbooks that are valid',
    (page) => {
      const directory = mkdtempSync(join(tmpdir(), 'documented-playbooks-'));
      for (const yaml of playbooksIn(page)) {
        const id = /^id: (\w+)$/m.exec(yaml)?.[1] ?? 'unnamed';
        writeFileSync(join(directory, `${id}.yaml`), yaml);
      }
      const [, script = ''] = scripts['playbook']?.split(' ') ?? [];
      const checked = spawnSync(process.execPath, [script, 'validate', '--playbooks', directory], {
        cwd: ROOT,
        encoding: 'utf8',
        timeout: 30_000,
      });
      rmSync(directory, { recursive: true });

      expect(checked.stdout + checked.stderr).toContain(counted(playbooksIn(page).length, 'playbook'));
      expect(checked.status).toBe(0);
    },
    40_000,
  );

  test.each(GUIDES)('%s names npm scripts that exist', (page) => {
    const named = Array.from(textOf(page).matchAll(/npm run ([a-z][\w:-]*)/g), ([, name = '']) => name);

    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test.each(GUIDES)('%s names source files that exist', (page) => {
    const files = new Set(sources('**/*.{ts,tsx}').map((file) => basename(file)));
    const named = Array.from(textOf(page).matchAll(/(?<![*.\w-])[a-z][\w-]*(?:\.[\w-]+)*\.tsx?\b/g), ([name]) => name);

    expect(named.filter((name) => !files.has(name) && !CONVENTIONS.has(name))).toEqual([]);
  });

  test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s cites tests by names that they have', (page) => {
    const tests = sources('**/*.{test,contract}.ts').map((file) => textOf(file));
    const cited = textOf(page)
      .split('\n')
      .filter((line) => /\.(test|contract)\.ts`|^- and "/.test(line))
      .flatMap((line) => Array.from(line.matchAll(/"([^"]+)"/g), ([, name = '']) => name));

    expect(cited.length).toBeGreaterThan(4);
    expect(cited.filter((name) => !tests.some((text) => isNamedIn(text, name)))).toEqual([]);
  });
});

/** Names that stand for no file: what the style forbids. */
const CONVENTIONS: ReadonlySet<string> = new Set(['types.ts', 'constants.ts']);

/** A name may be shortened with an ellipsis. */
function isNamedIn(text: string, name: string): boolean {
  return name.split('…').every((part) => text.includes(part.trim()));
}
