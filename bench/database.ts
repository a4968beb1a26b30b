import type { Documents } from '#ports/documents/documents.ts';

/** A measured database. */
export interface BenchDatabase {
  readonly name: 'sqlite' | 'emulator';
  readonly documents: Documents;
  /** The time the bare client takes for the record of an execution: it creates it, then writes each step and waits. */
  floor(id: string, steps: number): Promise<void>;
  close(): Promise<void>;
}
