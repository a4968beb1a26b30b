/** Put in by the build: a hash of the files below, so that a browser may keep them for as long as it likes. */
declare const ASSET_VERSION: string;

const version = typeof ASSET_VERSION === 'string' ? `?v=${ASSET_VERSION}` : '';

/** Where the browser finds what is not a page. The build writes these files into `console/dist/assets/`. */
export const ASSETS = {
  style: `/assets/style.css${version}`,
  client: `/assets/client.js${version}`,
  icon: `/assets/icon.svg${version}`,
} as const;
