import { Server } from 'node:net';

/**
 * Loaded before a child's own code (`node --import`): its servers can only be reached from this machine, even in a
 * program that has no option for that (the Functions Framework has none, and listens on every address). Not TypeScript,
 * because the type loader would take longer to load than the whole child.
 */
const LOOPBACK = '127.0.0.1';

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(...given) {
  return listen.apply(this, onLoopback(given));
};

/** The arguments of `listen` with our host, if they name a port: `(port, host?, …)` or `({ port, host?, … }, …)`. */
function onLoopback([where, ...rest]) {
  if (typeof where === 'object' && where !== null && 'port' in where) return [{ ...where, host: LOOPBACK }, ...rest];
  const isPort = where === undefined || typeof where === 'number' || /^\d+$/.test(where);
  if (!isPort) return [where, ...rest];
  return [where, LOOPBACK, ...(typeof rest[0] === 'string' ? rest.slice(1) : rest)];
}
