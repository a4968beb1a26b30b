import { flushCompileCache } from 'node:module';
import { createRequire } from 'node:module';

/**
 * Loads the built functions as the cloud does, and has them answer once, so that the compile cache holds what a first
 * request needs. The database is one that does not exist: what matters is that its client is loaded.
 */
process.env['CRON_SECRET'] = 'only-to-load-the-functions';
process.env['PLAYBOOK_DATABASE'] = 'firestore';
process.env['GOOGLE_CLOUD_PROJECT'] = 'demo-build';
process.env['FIRESTORE_EMULATOR_HOST'] = '127.0.0.1:9';
process.env['METADATA_SERVER_DETECTION'] = 'none';

const require = createRequire(new URL('../functions/', import.meta.url));
require('./lib/index.js');
await Promise.all([import('firebase-admin/app'), import('firebase-admin/firestore')]);
flushCompileCache();
process.exit(0);
