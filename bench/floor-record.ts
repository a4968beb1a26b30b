/** What the floor writes for a step: a record like the engine's, so that both write the same. */
export function floorStep(index: number) {
  const now = new Date();
  const path = `step_${index}`;
  const times = { startedAt: now, completedAt: now, durationMs: 0 };
  const attempt = { number: 1, ...times, input: {}, output: null, status: 'succeeded' };
  return { path, id: path, type: 'noop', order: index, ...times, attempts: [attempt], status: 'succeeded' };
}

/** What the floor writes first: a header like the engine's. */
export function floorHeader(id: string) {
  const now = new Date();
  return {
    id,
    playbookId: 'bench',
    playbookName: 'Bench',
    version: 'v1',
    slot: null,
    trigger: { kind: 'manual' },
    labels: {},
    window: { start: now, end: now },
    status: 'running',
    startedAt: now,
    deadlineAt: now,
    expireAt: now,
    stepsExecuted: 0,
    steps: {},
    lease: { owner: id, nonce: `${id}:0`, durationMs: 60_000, takeovers: 0 },
  };
}
