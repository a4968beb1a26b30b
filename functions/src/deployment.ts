import { CLOUD_FUNCTIONS, endpointsOf } from './cloud-functions.ts';

/**
 * What the Firebase CLI reads to deploy or emulate: the functions and how the cloud runs them, each under its own name.
 * `index.ts` serves them, so that cold starts do not load firebase-functions.
 */
export const endpoints = endpointsOf(CLOUD_FUNCTIONS);
