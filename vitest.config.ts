import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const common = {
  exclude: ['**/node_modules/**', '**/lib/**', '**/dist/**'],
  env: { METADATA_SERVER_DETECTION: 'none' },
};
const withEmulator = (process.env['FIRESTORE_EMULATOR_HOST'] ?? '') !== '';

/** `unit` needs nothing but Node; `emulator` exists only where a Firestore emulator is named. `npm test` starts one. */
export default defineConfig({
  test: {
    // Many tests mostly wait for time-outs, leases and other processes; by default two processors would run one file at a time.
    // Many tests mostly wait for time-outs, leases and other processes: more files at once than a small machine has processors.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...common.exclude, '**/*.emulator.test.{ts,tsx}'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      ...(withEmulator
        ? [
            {
              test: {
                ...common,
                name: 'emulator',
                include: ['**/*.emulator.test.{ts,tsx}'],
                testTimeout: 30_000,
                hookTimeout: 30_000,
              },
            },
          ]
        : []),
    ],
  },
});
