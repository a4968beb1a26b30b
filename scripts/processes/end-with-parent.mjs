/**
 * Loaded before a child's own code (`node --import`): ends the child when its parent is gone, whatever ended the
 * parent. The parent holds the other end of our standard input; the system closes it together with the parent, even
 * after `kill -9`.
 */
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
// A child with nothing else to do may end.
process.stdin.unref?.();
